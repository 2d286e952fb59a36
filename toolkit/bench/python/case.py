"""What the runner knows of a case: who takes part, with which options, and which figures are compared.

A process prints its measurements as JSON in its last line. Its options may contain {data} (the case's
folder), {target} (where results go), {model} (SmolLM2's GGUF), {encoder} (MiniLM's folder), {seed} (the
round), {epochs} (0: as the case has them), {steps} (0: all), {threads} and {began} (when it was started,
in seconds since 1970).
"""

import os
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
    """Our side and those that it is measured against, in turns: ours, every peer, ours, every peer, …"""

    name: str
    about: str
    ours: Side
    peers: tuple[Side, ...]  # the first is the one that --quick takes
    figures: tuple[Figure, ...]
    quick: bool = False  # whether --quick takes it when no case is named


@dataclass(frozen=True)
class Terms:
    """What the user has to accept before something is downloaded, by setting an environment variable to `accepted`."""

    title: str
    address: str
    variable: str

    def are_accepted(self) -> bool:
        return os.environ.get(self.variable) == "accepted"


@dataclass(frozen=True)
class Check:
    """Sides that run one after the other, once. The last one prints what came out, and in its JSON line a list
    `wrong`, which is empty if all is well. One with terms runs only if it is named."""

    name: str
    about: str
    sides: tuple[Side, ...]
    terms: Terms | None = None
