"""The cases: what runs on our side, what on the peer's, and which figures are compared.

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
)
