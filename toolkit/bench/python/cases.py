"""The cases: what runs on our side, what on the peer's, and which figures are compared. Below them, the checks.

A process prints its measurements as JSON in its last line. Its options may contain {data} (the case's
folder), {model} (SmolLM2's GGUF), {seed} (the round), {steps} (0: all) and {threads}. Cases whose own
side is the same run together: in each round ours comes first, then every peer.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Side:
    """A main class of dev.lorikeet.bench, or a script of this folder."""

    name: str
    program: str
    options: tuple[str, ...]
    cut_options: tuple[str, ...] = ()  # besides, when the run is cut to some steps


@dataclass(frozen=True)
class Figure:
    """A number of the JSON line; peak_gib is added by the runner. Some only mean something uncut."""

    name: str
    key: str
    unit: str
    factor: float = 1
    needs_all_steps: bool = False


@dataclass(frozen=True)
class Case:
    name: str
    about: str
    ours: Side
    peer: Side
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Check:
    """Sides that run one after the other, once. The last one prints what came out, and in its JSON line a list
    `wrong`, which is empty if all is well."""

    name: str
    about: str
    sides: tuple[Side, ...]


TRAINING = (
    Figure("time", "train_seconds", "s", needs_all_steps=True),
    Figure("step", "step_seconds_median", "s"),
    Figure("peak-memory", "peak_gib", "GiB"),
    Figure("accuracy", "test_accuracy", "%", factor=100, needs_all_steps=True),
)

SPAM_OURS = Side(
    "Lorikeet",
    "SpamEpoch",
    ("data={data}", "batches={data}/batches.json", "epochs=1", "steps={steps}", "seed={seed}"),
    ("evaluate=0",),
)


def spam_peer(*options: str) -> Side:
    always = ("--model", "{model}", "--data", "{data}", "--epochs", "1", "--steps", "{steps}",
              "--seed", "{seed}", "--threads", "{threads}")
    return Side("PEFT", "spam_epoch.py", always + options, ("--no-evaluation",))


STEP = (
    Figure("step", "step_seconds_median", "s"),
    Figure("peak-memory", "peak_gib", "GiB"),
)


def gpt2_case(name: str, about: str, options: str = "", peer: str = "") -> Case:
    """GPT-2 small with random weights as a language model; options as our side takes them, the peer's own besides."""
    shared = tuple(options.split())
    ours = ("steps={steps}", "seed={seed}", "batches={data}/batches.json", *shared)
    theirs = ("--batches", "{data}/batches.json", "--steps", "{steps}", "--seed", "{seed}", "--threads", "{threads}")
    full = "mode=full" in shared
    return Case(
        name, about,
        Side("Lorikeet", "Gpt2Lm", ours),
        Side("PyTorch" if full else "PEFT", "gpt2_lm.py",
             theirs + (("--full",) if full else ()) + tuple(peer.split())),
        STEP,
    )


GPT2_LORA = "GPT-2 small, random weights, LoRA r4 on query and value"

def smollm2_case(name: str, about: str, options: str, peer: str = "") -> Case:
    """SmolLM2 as a language model on real conversations; the peer has its weights in float32."""
    ours = ("model={model}", "steps={steps}", "batches={data}/batches.json", *options.split())
    theirs = ("--model", "{model}", "--batches", "{data}/batches.json", "--steps", "{steps}", "--seed", "{seed}",
              "--threads", "{threads}")
    return Case(
        name, about,
        Side("Lorikeet", "QuantizedLm", ours),
        Side("PEFT", "smollm2_lm.py", theirs + tuple(peer.split())),
        STEP,
    )


SMOLLM2_LORA = "SmolLM2, LoRA r8 on queries and values, 4 × 128 tokens of guanaco, float32"

CASES = (
    Case(
        "spam-epoch",
        "SmolLM2, LoRA r16 on all linears, one epoch of SMS messages, 8 a step, float32; same batches",
        SPAM_OURS,
        spam_peer("--batches", "{data}/batches.json"),
        TRAINING,
    ),
    Case(
        "spam-epoch-padded",
        "the same, but the peer pads to 120 tokens as Appendix E does",
        SPAM_OURS,
        spam_peer("--pad", "120"),
        TRAINING,
    ),
    gpt2_case("gpt2-lm-lora", f"{GPT2_LORA}, 8 × 128 tokens, float32; same batches"),
    gpt2_case("gpt2-lm-lora-recompute", "the same with recomputation of each layer on our side",
              "recompute=1"),
    gpt2_case("gpt2-lm-lora-recompute-both", "the same with recomputation on both sides",
              "recompute=1", "--checkpointing"),
    gpt2_case("gpt2-lm-lora-bf16", "gpt2-lm-lora in bfloat16, the peer under autocast",
              "precision=bfloat16", "--bfloat16"),
    gpt2_case("gpt2-lm-lora-32-recompute", f"{GPT2_LORA}, 32 × 128, float32; recomputation on our side",
              "batch=32 recompute=1"),
    gpt2_case("gpt2-lm-full", "GPT-2 small, random weights, all of them trained, 8 × 128 tokens, float32",
              "mode=full"),
    smollm2_case("smollm2-lora", f"{SMOLLM2_LORA}; same batches", "base=float"),
    smollm2_case("smollm2-qlora", f"{SMOLLM2_LORA}; our base in Q4_1 as in its file", "base=as_stored"),
    smollm2_case("smollm2-qlora-nf4", f"{SMOLLM2_LORA}; our base in NF4", "base=nf4"),
)

CHECKS = (
    Check(
        "peft-roundtrip",
        "adapters of many settings from PEFT to Lorikeet and back: the same logits",
        (
            Side("PEFT", "peft_roundtrip.py", ("make", "{data}")),
            Side("Lorikeet", "PeftRoundtrip", ("folder={data}",)),
            Side("PEFT", "peft_roundtrip.py", ("compare", "{data}")),
        ),
    ),
)
