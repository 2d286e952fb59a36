"""Runs the cases of cases.py, ours and the peers' processes in turns, and writes what they measured; and the checks.

Standard library only. `toolkit/bench/run` sets everything up and calls this.
"""

import argparse
import fnmatch
import signal
import sys
import time
from pathlib import Path

import machine
import process
import results
from case import Case, Check
from cases import CASES, CHECKS
from outcome import WARM_UP
from runner import Runner

ROOT = Path(__file__).resolve().parents[3]
TARGET = ROOT / "target" / "bench"
RESULTS = TARGET / "results.json"
QUICK_STEPS = 4


def is_quick(case: Case) -> bool:
    """Whether --quick takes it unasked. Without AVX-512 a step in bfloat16 takes minutes."""
    return case.quick and (not case.name.endswith("-bf16") or "avx512f" in machine.cpu()[1])


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="toolkit/bench/run", usage="toolkit/bench/run [options] [CASE…]")
    parser.add_argument("cases", nargs="*")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--epochs", type=int, default=0)
    parser.add_argument("--steps", type=int)
    parser.add_argument("--threads", type=int, default=machine.cores())
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--table", action="store_true")
    parser.add_argument("--plots", action="store_true")
    parser.add_argument("--micro", action="store_true")
    # Given by toolkit/bench/run.
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--peer")
    parser.add_argument("--jar", type=Path)
    parser.add_argument("--toolkit", type=Path)
    parser.add_argument("--environment", type=Path)
    args = parser.parse_args()

    args.patterns = args.cases
    args.named = [] if args.micro else chosen(parser, args.cases)
    args.cases = [case for case in args.named or CASES
                  if isinstance(case, Case) and (args.named or is_quick(case) or not args.quick)]
    args.checks = [case for case in args.named or (() if args.quick else CHECKS)
                   if isinstance(case, Check) and (not case.terms or case.name in args.patterns)]
    if not args.list:
        accept(parser, args.checks)
    args.rounds = (1 if args.quick else 3) if args.rounds is None else args.rounds
    args.steps = (QUICK_STEPS if args.quick else 0) if args.steps is None else args.steps
    for name, least in (("rounds", 1), ("threads", 1), ("epochs", 0)):
        if getattr(args, name) < least:
            parser.error(f"--{name} is {getattr(args, name)}; expected at least {least}")
    if args.steps and args.steps <= WARM_UP:
        parser.error(f"--steps is {args.steps}; expected more than {WARM_UP}, the warm-up, or 0 for all")
    return args


def accept(parser: argparse.ArgumentParser, checks: list[Check]) -> None:
    for check in checks:
        if check.terms and not check.terms.are_accepted():
            parser.error(f"{check.name} downloads what is under the {check.terms.title}: read them at {check.terms.address} "
                         f"and, if you accept them, set the environment variable {check.terms.variable} to accepted")


def chosen(parser: argparse.ArgumentParser, patterns: list[str]) -> list[Case | Check]:
    """What is named, by its name or a pattern such as gpt2-*, each once."""
    known = {case.name: case for case in (*CASES, *CHECKS)}
    names: dict[str, Case | Check] = {}
    for pattern in patterns:
        found = fnmatch.filter(known, pattern)
        if not found:
            parser.error(f"there is no case {pattern}; there are {', '.join(known)}")
        names |= {name: known[name] for name in found}
    return list(names.values())


def show_list() -> None:
    for case in CASES:
        peers = ", ".join(peer.name for peer in case.peers)
        print(f"{'*' if case.quick else ' '} {case.name:<26} {case.about} (against {peers})")
    for case in CHECKS:
        asked = f" (only if named, with {case.terms.variable}=accepted)" if case.terms else ""
        print(f"  {case.name:<26} a check: {case.about}{asked}")


def show_table(named: list[Case | Check]) -> int:
    """The results so far as Markdown, in the order of the cases; all that there are unless some are named."""
    order = {case.name: place for place, case in enumerate(CASES) if not named or case in named}
    rows = [row for row in results.read(RESULTS) if row["name"].split("/")[0] in order]
    if not rows:
        print(f"There are no results of these cases in {RESULTS.relative_to(ROOT)} yet.", file=sys.stderr)
        return 1
    print(results.markdown(sorted(rows, key=lambda row: order[row["name"].split("/")[0]])))
    return 0


def setting(args: argparse.Namespace) -> dict:
    name, features = machine.cpu()
    return {"cpu": name, "features": features, "cores": machine.cores(), "threads": args.threads,
            "commit": machine.commit(ROOT), "date": time.strftime("%Y-%m-%d")}


def tools(args: argparse.Namespace) -> int:
    """What needs no peer."""
    try:
        runner = Runner(args, TARGET)
        return runner.micro(args.patterns) if args.micro else runner.plots(RESULTS)
    except process.Failed as failure:
        print(failure, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def main() -> int:
    args = arguments()
    if args.list:
        show_list()
        return 0
    if args.table:
        return show_table(args.named)
    if args.check:
        return 0
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    if args.micro or args.plots:
        return tools(args)
    where = setting(args)
    done: list[dict] = []
    try:
        runner = Runner(args, TARGET)
        for check in args.checks:
            runner.check(check)
        for case in args.cases:
            new = [{**row, **where} for row in runner.measure(case)]
            results.merge(RESULTS, new)
            done += new
    except process.Failed as failure:
        print(failure, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted; cases that were complete are in the results.", file=sys.stderr)
        return 130
    finally:
        if done:
            print(f"\n{results.text(done)}\n\n{results.setting(done[0])}\n{RESULTS.relative_to(ROOT)}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
