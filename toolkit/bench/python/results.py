"""The rows that were measured: in a file, which keeps those of other cases, and as tables to read."""

import json
import os
import tempfile
from pathlib import Path


def read(file: Path) -> list[dict]:
    """The rows there are; none if there is no such file."""
    try:
        return json.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return []


def merge(file: Path, new: list[dict]) -> None:
    """Puts rows in the place of older ones of the same name and peer; the file is replaced as a whole."""
    try:
        old = read(file)
    except ValueError:
        old = []
    rows = {(row["name"], row["peer name"]): row for row in old + new}
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=file.parent, encoding="utf-8", delete=False) as out:
        json.dump([rows[key] for key in sorted(rows)], out, indent=2, ensure_ascii=False)
        out.write("\n")
    os.chmod(out.name, 0o644)
    os.replace(out.name, file)


def text(rows: list[dict]) -> str:
    """As a terminal shows it."""
    cells = [("", "Lorikeet", "peer", "ratio", "unit", "peer")]
    cells += [(row["name"], *numbers(row), row["unit"], f"{row['peer name']} ({row['peer version']})") for row in rows]
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]
    return "\n".join("  ".join(cell.rjust(width) if 1 <= column <= 3 else cell.ljust(width)
                               for column, (cell, width) in enumerate(zip(row, widths))).rstrip()
                     for row in cells)


def markdown(rows: list[dict]) -> str:
    """For docs/benchmarks.md: a table, then a line for each setting in which its rows were measured."""
    lines = ["| | Lorikeet | peer | ratio | against |", "|---|---|---|---|---|"]
    for row in rows:
        ours, peer, ratio = numbers(row)
        lines.append(f"| {row['name']} | {ours} {row['unit']} | {peer} {row['unit']} | {ratio} | {row['peer name']} |")
    settings: dict[str, list[str]] = {}
    for row in rows:
        names = settings.setdefault(setting(row), [])
        case = row["name"].split("/")[0]
        if case not in names:
            names.append(case)
    lines += ["", *(f"{', '.join(names)}: {where}." for where, names in settings.items())]
    return "\n".join(lines)


def numbers(row: dict) -> tuple[str, str, str]:
    """Ours, the peer's and the ratio, with three digits that say something."""
    return tuple(f"{value:.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
                 for value in (row["ours"], row["peer"], row["ratio"]))


def setting(row: dict) -> str:
    """What the row was measured on, and how."""
    features = " ".join(row["features"]) or "features unknown"
    steps = "whole runs" if row["whole"] else f"{row['steps']} steps a process"
    return (f"{row['cpu']} ({features}), {row['cores']} cores, {row['threads']} thread(s); commit {row['commit']}; "
            f"medians of {row['rounds']} round(s), {steps}")
