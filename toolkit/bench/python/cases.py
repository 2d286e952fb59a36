"""All cases, and the checks."""

import training_cases
from case import Check, Side

CASES = training_cases.CASES

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
