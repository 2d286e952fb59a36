"""What a training step costs as rows grow longer and more. The Java side has the shapes; here they are named again."""

from case import Case, Figure, Side

MOST_TOKENS, MOST_TOKENS_WHEN_CUT = 8192, 2048
SHAPES = tuple((length, rows) for length in (64, 128, 256, 512, 1024) for rows in (1, 2, 4, 8, 16)
               if length * rows <= MOST_TOKENS)


def figures(length: int, rows: int) -> tuple[Figure, Figure]:
    shape = f"{length}×{rows}"
    large = length * rows > MOST_TOKENS_WHEN_CUT
    return (Figure(f"{shape}/step", f"{shape}/step", "s", needs_all_steps=large),
            Figure(f"{shape}/peak-memory", f"{shape}/peak", "GiB", needs_all_steps=large))


CASES = (
    Case(
        "scaling",
        "GPT-2 small, random weights, LoRA r4 on query and value, float32; 64 to 1,024 tokens a row, 1 to 16 rows, at "
        "most 8,192 tokens a step, the smallest first in one process; same batches",
        Side("Lorikeet", "Scaling", (f"most={MOST_TOKENS}", "batches={data}/batches.json"),
             (f"most={MOST_TOKENS_WHEN_CUT}",)),
        (Side("PEFT", "scaling.py", ("--batches", "{data}/batches.json", "--threads", "{threads}")),),
        tuple(figure for shape in SHAPES for figure in figures(*shape)),
    ),
)
