"""The cases of an encoder, all-MiniLM-L6-v2: classifying, and texts as vectors."""

from case import Case, Figure, Side
from training_cases import ACCURACY, BATCHES, WHOLE

ADAPTER = "{data}/adapter"
TEST = "{data}/test.json"
LOSSES = "{data}/losses.json"

ENCODER_LORA = "MiniLM, LoRA r16 on all linears, the head in full, float32"


def classifier_case(name: str, about: str, data: str) -> Case:
    ours = (f"set={data} model={{encoder}} epochs={{epochs}} steps={{steps}} seed={{seed}} batches={BATCHES} "
            f"adapter={ADAPTER} test={TEST} losses={LOSSES}")
    peft = (f"--model {{encoder}} --steps {{steps}} --seed {{seed}} --threads {{threads}} --batches {BATCHES} "
            f"--adapter {ADAPTER} --test {TEST} --losses {LOSSES}")
    return Case(name, f"{ENCODER_LORA}, {about}; same batches, same weights at first, PEFT without dropout",
                Side("Lorikeet", "EncoderClassifier", tuple(ours.split()), ("evaluate=0",)),
                (Side("PEFT", "encoder_classifier.py", tuple(peft.split()), ("--no-evaluation",)),),
                (*WHOLE, ACCURACY))


CLASSIFYING = (
    classifier_case("spam-encoder", "three epochs of SMS messages unless --epochs is given, 8 a step", "spam"),
    classifier_case("banking77-encoder", "one epoch of Banking77 unless --epochs is given, 32 a step", "banking77"),
)

TEXTS = "{data}/texts.json"
VECTORS = "{data}/vectors.json"

EMBEDDING = (
    Case(
        "embed",
        "MiniLM, 1,000 questions of Banking77 to vectors, mean of the tokens, float32, cutting into tokens included; "
        "transformers as sentence-transformers has it, in batches of 32 of like length",
        Side("Lorikeet", "Embed", ("model={encoder}", f"texts={TEXTS}", f"vectors={VECTORS}"), ("rounds=1",)),
        (Side("transformers", "embed.py", ("--model", "{encoder}", "--texts", TEXTS, "--vectors", VECTORS,
                                           "--threads", "{threads}"), ("--rounds", "1")),),
        (Figure("sentences-per-second", "sentences_per_second", "sentences/s"),  # here more is better
         Figure("peak-memory", "peak_gib", "GiB")),
    ),
)

CASES = (*CLASSIFYING, *EMBEDDING)
