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


def ours(program: str, options: str) -> Side:
    return Side("Lorikeet", program, ("steps={steps}", "seed={seed}", f"batches={BATCHES}", *options.split()))


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


GPT2 = (
    gpt2_case("gpt2-lm-lora", f"{GPT2_LORA}, 8 × 128 tokens, float32; same batches", "", gpt2_peft(), quick=True),
    gpt2_case("gpt2-lm-lora-bf16", "the same in bfloat16, PEFT under autocast", "precision=bfloat16",
              gpt2_peft("--bfloat16", "PEFT under autocast"), quick=True),
    gpt2_case("gpt2-lm-lora-recompute", "gpt2-lm-lora with recomputation of each layer on our side", "recompute=1",
              gpt2_peft(), gpt2_peft("--checkpointing", RECOMPUTING)),
    gpt2_case("gpt2-lm-lora-32-recompute", f"{GPT2_LORA}, 32 × 128, float32; recomputation on our side",
              "batch=32 recompute=1", gpt2_peft()),
    gpt2_case("gpt2-lm-full", "GPT-2 small, random weights, all of them trained, 8 × 128 tokens, float32; same batches",
              "mode=full", gpt2_peft("--full", "PyTorch")),
)

# ---- SmolLM2 ---------------------------------------------------------------------------------------------------

SMOLLM2_LORA = "SmolLM2, LoRA r8 on queries and values, 4 × 128 tokens of guanaco"


def smollm2_case(name: str, about: str, options: str, *peers: Side, quick: bool = False) -> Case:
    return Case(name, f"{SMOLLM2_LORA}, {about}; same batches", ours("LlamaLm", f"model={{model}} {options}"), peers,
                STEP, quick)


def smollm2_peft(options: str = "", name: str = "PEFT") -> Side:
    return peer(name, "smollm2_lm.py", f"--model {{model}} {options}")


SMOLLM2 = (
    smollm2_case("smollm2-lora", "float32", "base=float", smollm2_peft()),
    smollm2_case("smollm2-qlora", "float32; our base in Q4_1 as in its file, PEFT's in float32", "base=as_stored",
                 smollm2_peft(), quick=True),
    smollm2_case("smollm2-qlora-nf4", "float32; our base in NF4", "base=nf4", smollm2_peft()),
)

# ---- One epoch on the SMS messages -----------------------------------------------------------------------------


def spam_peer(name: str, options: str) -> Side:
    shared = "--model {model} --data {data} --epochs 1 --steps {steps} --seed {seed} --threads {threads}"
    return Side(name, "spam_epoch.py", tuple(f"{shared} {options}".split()), ("--no-evaluation",))


SPAM = (
    Case(
        "spam-epoch",
        "SmolLM2, LoRA r16 on all linears, one epoch of SMS messages, 8 a step, float32; PEFT on the same batches, "
        "or on its own padded to 120 tokens as Appendix E does",
        Side("Lorikeet", "SpamEpoch",
             ("data={data}", f"batches={BATCHES}", "epochs=1", "steps={steps}", "seed={seed}"), ("evaluate=0",)),
        (spam_peer("PEFT padded to 120", "--pad 120"), spam_peer("PEFT", f"--batches {BATCHES}")),
        (*WHOLE, ACCURACY),
    ),
)

CASES = (*GPT2, *SMOLLM2, *SPAM)
