"""The Python side of the families check: the same models in transformers, PEFT, llama.cpp and Lorikeet.

`make FOLDER` writes small checkpoints of each family with several settings and what transformers makes of them; the
environment variable LORIKEET_FAMILIES names the families or settings, such as qwen3,gemma2-odd (default: all).
`compare FOLDER TABLE` holds against that what Lorikeet has computed and saved, lets PEFT take the same steps and
llama.cpp read the same files, prints a line for each setting and writes the table of families of docs/models.md; its
last line is JSON with the settings that something is wrong with.
"""

import argparse
import json
import os
from pathlib import Path

import family_checkpoints
import family_results
from family_settings import SETTINGS, Setting

VARIABLE = "LORIKEET_FAMILIES"


def chosen() -> list[Setting]:
    names = [name for name in os.environ.get(VARIABLE, "").replace(",", " ").split()]
    known = {name for setting in SETTINGS for name in (setting.family, setting.path)}
    unknown = [name for name in names if name not in known]
    if unknown:
        families = dict.fromkeys(setting.family for setting in SETTINGS)
        raise SystemExit(f"{VARIABLE} has {', '.join(unknown)}; expected families ({', '.join(families)}) or settings of "
                         f"them such as {SETTINGS[-1].path}")
    return [setting for setting in SETTINGS if not names or setting.family in names or setting.path in names]


def make(folder: Path) -> None:
    cut = family_checkpoints.tokenizer()
    jobs = [family_checkpoints.make(setting, folder / setting.path, cut) for setting in chosen()]
    folder.joinpath("jobs.json").write_text(json.dumps(jobs), encoding="utf-8")
    print(json.dumps({"settings": len(jobs)}))


def compare(folder: Path, table: Path) -> None:
    found = family_results.compare(chosen(), folder)
    for result in found:
        print(result.line())
    table.write_text(family_results.markdown(found), encoding="utf-8")
    print(json.dumps({"stack": family_results.stack(), "settings": len(found), "table": str(table),
                      "wrong": [result.setting.path for result in found if result.wrong()]}))


def main() -> None:
    args = argparse.ArgumentParser()
    args.add_argument("part", choices=["make", "compare"])
    args.add_argument("folder", type=Path)
    args.add_argument("table", type=Path, nargs="?")
    args = args.parse_args()
    family_checkpoints.quiet()
    if args.part == "make":
        make(args.folder)
    else:
        compare(args.folder, args.table)


if __name__ == "__main__":
    main()
