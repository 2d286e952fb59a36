"""The cases of training: the same steps on both sides, on the batches that our side wrote unless the case says otherwise."""

from case import Case, Figure, Side

STEP = (
    Figure("step", "step_seconds_median", "s"),
    Figure("peak-memory", "peak_gib", "GiB"),
)

WHOLE = (
    Figure("time", "train_seconds", "s", needs_all_steps=True),
    *STEP,
)

ACCURACY = Figure("accuracy", "test_accuracy", "%", factor=100, needs_all_steps=True)

BATCHES = "{data}/batches.json"

AUTOCAST = "--bfloat16"


def ours(program: str, options: str, name: str = "Lorikeet") -> Side:
    return Side(name, program, ("steps={steps}", "seed={seed}", f"batches={BATCHES}", *options.split()))


def peer(name: str, program: str, options: str = "") -> Side:
    shared = ("--batches", BATCHES, "--steps", "{steps}", "--seed", "{seed}", "--threads", "{threads}")
    return Side(name, program, shared + tuple(options.split()))


# ---- GPT-2 small with random weights ---------------------------------------------------------------------------

GPT2_LORA = "GPT-2 small, random weights, LoRA r4 on query and value"
RECOMPUTING = "PEFT with gradient checkpointing"


def gpt2_case(name: str, about: str, options: str, *peers: Side, quick: bool = False) -> Case:
    return Case(name, about, ours("Gpt2Lm", options), peers, STEP, quick)


def gpt2_peft(options: str = "", name: str = "PEFT") -> Side:
    return peer(name, "gpt2_lm.py", options)


def gpt2_keras(backend: str, policy: str = "float32") -> Side:
    name = {"tensorflow": "KerasHub on TensorFlow", "jax": "KerasHub on JAX"}[backend]
    return peer(name, "gpt2_keras.py", f"--backend {backend} --policy {policy}")


def classifier_case(name: str, about: str, precision: str, peft: Side) -> Case:
    return Case(name, "GPT-2 small, random weights, head of two classes, LoRA r16 on all linears, 8 × 120 tokens without "
                f"padding, {about}; same batches", ours("Gpt2Classifier", f"precision={precision}"), (peft,), STEP)


GPT2 = (
    gpt2_case("gpt2-lm-lora", f"{GPT2_LORA}, 8 × 128 tokens, float32; same batches", "",
              gpt2_peft(), gpt2_keras("tensorflow"), gpt2_keras("jax"), quick=True),
    gpt2_case("gpt2-lm-lora-bf16", "the same in bfloat16: PEFT under autocast, KerasHub by its policy mixed_bfloat16",
              "precision=bfloat16",
              gpt2_peft(AUTOCAST), gpt2_keras("tensorflow", "mixed_bfloat16"), quick=True),
    gpt2_case("gpt2-lm-lora-recompute", "gpt2-lm-lora with recomputation of each layer on our side", "recompute=1",
              gpt2_peft(), gpt2_peft("--checkpointing", RECOMPUTING)),
    gpt2_case("gpt2-lm-lora-32-recompute", f"{GPT2_LORA}, 32 × 128, float32; recomputation on our side",
              "batch=32 recompute=1", gpt2_peft()),
    gpt2_case("gpt2-lm-full", "GPT-2 small, random weights, all of them trained, 8 × 128 tokens, float32; same batches",
              "mode=full", gpt2_peft("--full", "PyTorch")),
    classifier_case("gpt2-classifier-lora", "float32", "float32", peer("PEFT", "gpt2_classifier.py")),
    classifier_case("gpt2-classifier-lora-bf16", "bfloat16, PEFT under autocast", "bfloat16",
                    peer("PEFT", "gpt2_classifier.py", AUTOCAST)),
)

# ---- SmolLM2 ---------------------------------------------------------------------------------------------------

SMOLLM2_LORA = "SmolLM2, LoRA r8 on queries and values, 4 × 128 tokens of guanaco"


def smollm2_case(name: str, about: str, options: str, *peers: Side, quick: bool = False) -> Case:
    return Case(name, f"{SMOLLM2_LORA}, {about}; same batches", ours("LlamaLm", f"model={{model}} {options}"), peers,
                STEP, quick)


def smollm2_peft(options: str = "", name: str = "PEFT") -> Side:
    return peer(name, "smollm2_lm.py", f"--model {{model}} {options}")


BITSANDBYTES = smollm2_peft("--nf4 {data}/float32", "PEFT with bitsandbytes NF4")

BUSY = "base=float length=64"

SMOLLM2 = (
    smollm2_case("smollm2-lora", "float32", "base=float", smollm2_peft()),
    smollm2_case("smollm2-lora-bf16", "bfloat16, PEFT under autocast", "base=float precision=bfloat16",
                 smollm2_peft(AUTOCAST)),
    smollm2_case("smollm2-qlora", "float32; our base in Q4_1 as in its file, PEFT's in float32 or NF4", "base=as_stored",
                 smollm2_peft(), BITSANDBYTES, quick=True),
    smollm2_case("smollm2-qlora-recompute", "float32; the same with recomputation of each layer on our side",
                 "base=as_stored recompute=1", BITSANDBYTES),
    # Ours beside as many busy loops as there are threads; its peer is itself alone, and twice the time is the least there can be.
    smollm2_case("busy-machine", "4 × 64 tokens, float32, beside busy loops against alone", f"{BUSY} beside={{threads}}",
                 ours("LlamaLm", f"model={{model}} {BUSY}", name="Lorikeet alone")),
    smollm2_case("smollm2-qlora-nf4", "float32; both bases in NF4", "base=nf4", BITSANDBYTES),
)

# ---- One epoch on the SMS messages -----------------------------------------------------------------------------

SPAM_EPOCH = "SmolLM2, LoRA r16 on all linears, one epoch of SMS messages, 8 a step"


def spam_case(name: str, about: str, precision: str, *peers: Side) -> Case:
    options = ("data={data}", f"batches={BATCHES}", "epochs=1", "steps={steps}", "seed={seed}", f"precision={precision}")
    return Case(name, f"{SPAM_EPOCH}, {about}", Side("Lorikeet", "SpamEpoch", options, ("evaluate=0",)), peers,
                (*WHOLE, ACCURACY))


def spam_peft(name: str, options: str) -> Side:
    shared = "--model {model} --data {data} --epochs 1 --steps {steps} --seed {seed} --threads {threads}"
    return Side(name, "spam_epoch.py", tuple(f"{shared} {options}".split()), ("--no-evaluation",))


PADDED = "PEFT padding to 120"

SPAM = (
    spam_case("spam-epoch", "float32; PEFT pads to 120 tokens as Appendix E does, or has our batches", "float32",
              spam_peft(PADDED, "--pad 120"), spam_peft("PEFT", f"--batches {BATCHES}")),
    spam_case("spam-epoch-bf16", "bfloat16; PEFT under autocast pads to 120 tokens as Appendix E does", "bfloat16",
              spam_peft(PADDED, f"--pad 120 {AUTOCAST}")),
)

# ---- Conversations ---------------------------------------------------------------------------------------------

SFT = ("SmolLM2, LoRA r8 on queries and values, one epoch of 128 conversations of guanaco of at most 256 tokens, 8 a step, "
       "{}; our defaults, of the answers alone, against TRL's, of everything")
CONVERSATIONS = "{data}/conversations.jsonl"


def sft_case(name: str, precision: str, *peers: Side) -> Case:
    options = ("model={model}", f"conversations={CONVERSATIONS}", "steps={steps}", "seed={seed}", f"precision={precision}")
    return Case(name, SFT.format(precision), Side("Lorikeet", "SftGuanaco", options), peers, WHOLE)


def trl(name: str, options: str = "") -> Side:
    shared = f"--model {{model}} --conversations {CONVERSATIONS} --steps {{steps}} --seed {{seed}} --threads {{threads}}"
    return Side(name, "sft_trl.py", tuple(f"{shared} {options}".split()))


SFTS = (
    sft_case("sft-guanaco", "float32", trl("TRL"), trl("TRL without gradient checkpointing", "--no-checkpointing")),
    sft_case("sft-guanaco-bf16", "bfloat16", trl("TRL", AUTOCAST)),
)

CASES = (*GPT2, *SMOLLM2, *SPAM, *SFTS)
