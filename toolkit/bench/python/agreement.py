"""How near the numbers of a peer are to those that our side wrote into a file."""

import json
from pathlib import Path

import torch


def differences(file, numbers):
    """Of each number, which may lie in lists of lists; both sides have as many."""
    ours = torch.tensor(json.loads(Path(file).read_text(encoding="utf-8")))
    theirs = torch.as_tensor(numbers)
    if ours.shape != theirs.shape:
        raise SystemExit(f"{file} has numbers of the shape {list(ours.shape)}, here it is {list(theirs.shape)}")
    return (ours - theirs).abs()


def check(what, found, most):
    """Ends the process if a difference is more than may be; a NaN is."""
    if not found <= most:
        raise SystemExit(f"{what} differ from Lorikeet's by {found:.2g}; more than {most:.2g} is an error")
