"""All cases, and the checks."""

import decoding_cases
import encoder_cases
import scaling_case
import training_cases
from case import Check, Side, Terms

CASES = (*training_cases.CASES, *encoder_cases.CASES, *decoding_cases.CASES, *scaling_case.CASES)

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
    Check(
        "families",
        "small checkpoints of each family with several settings: the same logits, ids, steps and files as in transformers, "
        "PEFT and llama.cpp; LORIKEET_FAMILIES=qwen3,gemma2-odd takes some of them",
        (
            Side("transformers", "families.py", ("make", "{data}")),
            Side("Lorikeet", "FamilyCheck", ("folder={data}",)),
            Side("transformers, PEFT and llama.cpp", "families.py", ("compare", "{data}", "{target}/families.md")),
        ),
    ),
    Check(
        "gemma3-270m",
        "Gemma 3 270M from PyPI: continues a sentence, and its loss falls in ten steps of LoRA",
        (
            Side("PyPI", "gemma3_270m.py", ("{data}",)),
            Side("Lorikeet", "Gemma270m", ("model={data}/gemma-3-270m-q4_k_m.gguf",)),
        ),
        Terms("Gemma Terms of Use", "https://ai.google.dev/gemma/terms", "LORIKEET_GEMMA_TERMS"),
    ),
)
