"""All cases, and the checks."""

import decoding_cases
import scaling_case
import training_cases
from case import Check, Side

CASES = (*training_cases.CASES, *decoding_cases.CASES, *scaling_case.CASES)

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
