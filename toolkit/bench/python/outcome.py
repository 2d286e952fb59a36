"""What a peer's process prints at its end: one line of JSON, as our side does. Standard library only."""

import json
import statistics
from importlib.metadata import version

WARM_UP = 3  # steps left out of the step times, as on the Java side


def stack(packages):
    return ", ".join(f"{name} {version(name)}" for name in packages)


def report(packages, seconds, losses, total, trainable, **more):
    """Prints it.

    packages: those whose versions matter; seconds, losses: a number a step; total: seconds of training; trainable:
    parameters; more: figures of the case.
    """
    print(json.dumps({
        "stack": stack(packages),
        "steps": len(seconds),
        "trainable": trainable,
        "train_seconds": total,
        "step_seconds_median": statistics.median(seconds[WARM_UP:]),
        "first_loss": losses[0],
        "last_loss": losses[-1],
        **more,
    }))
