"""What a training step costs as rows grow longer and more. The Java side has the shapes; here they are named again."""

from case import Case, Figure, Side

ABOUT = ("GPT-2 small, random weights, LoRA r4 on query and value, float32; rows of 64 to 1,024 tokens, 1 to 16 of them, {}, "
         "the smallest first in one process; {} steps of each shape, of which the second half counts; same batches")


def shapes(least: int, most: int) -> list[str]:
    return [f"{length}×{rows}" for length in (64, 128, 256, 512, 1024) for rows in (1, 2, 4, 8, 16)
            if least <= length * rows <= most]


def figures(shape: str) -> tuple[Figure, Figure]:
    return Figure(f"{shape}/step", f"{shape}/step", "s"), Figure(f"{shape}/peak-memory", f"{shape}/peak", "GiB")


def case(name: str, about: str, least: int, most: int, steps: int) -> Case:
    return Case(
        name,
        ABOUT.format(about, steps),
        Side("Lorikeet", "ScalingCase", (f"least={least}", f"most={most}", f"steps={steps}", "batches={data}/batches.json")),
        (Side("PEFT", "scaling.py",
              ("--batches", "{data}/batches.json", "--threads", "{threads}", "--steps", str(steps))),),
        tuple(figure for shape in shapes(least, most) for figure in figures(shape)),
    )


CASES = (
    case("scaling", "at most 2,048 tokens a step", 1, 2048, 4),
    case("scaling-large", "4,096 and 8,192 tokens a step", 2049, 8192, 2),
)
