"""The cases of a model in use: writing, the first answer after a start, and cutting text into tokens."""

from case import Case, Figure, Side

PACE = (
    Figure("tokens-per-second", "tokens_per_second", "tokens/s"),  # here more is better
    Figure("peak-memory", "peak_gib", "GiB"),
)

PROMPTS = "{data}/prompts.json"


def ours(options: str) -> Side:
    return Side("Lorikeet", "Decode", (f"prompts={PROMPTS}", *options.split()), ("tokens=16", "rounds=1"))


def peer(name: str, program: str, options: str = "") -> Side:
    shared = f"--prompts {PROMPTS} --threads {{threads}} {options}"
    return Side(name, program, tuple(shared.split()), ("--tokens", "16", "--rounds", "1"))


TRANSFORMERS = peer("transformers", "decode.py", "--model {model}")
TRANSFORMERS_BFLOAT16 = peer("transformers in bfloat16", "decode.py", "--model {model} --precision bfloat16")
MEMORY_BOUND = peer("reading the weights once a token", "memory_bound.py", "--model {model}")
LLAMA_CPP = peer("llama.cpp on the GGUF file", "decode_llama_cpp.py", "--model {model}")

GREEDY = "greedy decoding, 64 tokens"


def smollm2_case(name: str, about: str, options: str, *peers: Side, quick: bool = False) -> Case:
    return Case(f"decode-smollm2-{name}", f"SmolLM2, {GREEDY}, {about}", ours(f"model={{model}} {options}"), peers, PACE,
                quick)


DECODING = (
    smollm2_case("fp32", "float32", "base=float", TRANSFORMERS, MEMORY_BOUND),
    smollm2_case("bf16", "bfloat16", "base=float precision=bfloat16", TRANSFORMERS, TRANSFORMERS_BFLOAT16),
    smollm2_case("int8", "our base in int8, llama.cpp's in Q4_1 as in the file, transformers' in float32",
                 "base=int8 precision=default", LLAMA_CPP, TRANSFORMERS, quick=True),
    smollm2_case("q4", "our base and llama.cpp's in Q4_1 as in the file, transformers' in float32",
                 "base=as_stored precision=default", LLAMA_CPP, TRANSFORMERS),
    smollm2_case("batch8", "float32, eight texts at once, their tokens counted together", "base=float batch=8",
                 TRANSFORMERS),
    smollm2_case("q4-batch8", "the same on our base in Q4_1 as in the file, in bfloat16",
                 "base=as_stored precision=bfloat16 batch=8", TRANSFORMERS),
    Case("decode-gpt2-fp32", f"GPT-2 small, random weights, {GREEDY}, float32", ours("random=gpt2"),
         (peer("transformers", "decode.py"),), PACE),
)

STARTING = (
    Case(
        "first-logits",
        "SmolLM2, from the start of the process to the first logits of its GGUF file, float32",
        Side("Lorikeet", "FirstLogits", ("model={model}", "base=float", "began={began}")),
        (Side("transformers", "first_logits.py",
              ("--model", "{model}", "--began", "{began}", "--threads", "{threads}")),),
        (Figure("time", "seconds", "s"), Figure("peak-memory", "peak_gib", "GiB")),
    ),
)


def tokenise_peer(name: str, *options: str) -> Side:
    return Side(name, "tokenise.py", ("--tokenizer", "{data}/tokenizer", "--texts", "{data}/texts.json", *options),
                ("--passes", "5"))


TOKENISING = (
    Case(
        "tokenise-sms",
        "the 5,574 SMS messages by SmolLM2's tokenizer, loading not counted; ours on one core",
        Side("Lorikeet", "Tokenise", ("model={model}", "texts={data}/texts.json", "tokenizer={data}/tokenizer"),
             ("passes=5",)),
        (tokenise_peer("tokenizers on all cores"), tokenise_peer("tokenizers on one core", "--one-core")),
        (Figure("time", "seconds", "s"),),
        quick=True,
    ),
)

CASES = (*DECODING, *STARTING, *TOKENISING)
