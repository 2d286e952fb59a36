"""Runs one process of a benchmark and measures it from outside."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

POLL_SECONDS = 0.1
GRACE_SECONDS = 5
TAIL_LINES = 20


class Failed(Exception):
    """A side of a benchmark did not do its part; the text is for the reader."""


def measure(command: list[str], environment: dict[str, str], log: Path) -> tuple[dict, list[str]]:
    """The JSON of the process's last line with `peak_gib` added, and the lines before it.

    What the process prints goes to log.out and log.err.
    """
    outputs = [log.with_name(log.name + end) for end in (".out", ".err")]
    log.parent.mkdir(parents=True, exist_ok=True)
    with open(outputs[0], "wb") as out, open(outputs[1], "wb") as err:
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                                 env=environment, start_new_session=True)
    try:
        peak = wait(child)
    except BaseException:
        end(child)
        raise
    if child.returncode != 0:
        raise Failed(f"{how_it_ended(child.returncode)}; its last lines were\n{tail(outputs)}")
    lines = outputs[0].read_text(encoding="utf-8", errors="replace").splitlines()
    try:
        result = json.loads(lines[-1])
    except (IndexError, ValueError):
        raise Failed(f"its last line is no JSON; what it printed was\n{tail(outputs)}") from None
    return {**result, "peak_gib": peak}, lines[:-1]


def wait(child: subprocess.Popen) -> float:
    """Waits for the end; the most that was resident, in GiB.

    The peak is watched while the process runs besides being taken from its end, because a process can
    set its own count back (our training loop does), and what it gives at its end is then too little.
    """
    peak = 0.0
    while True:
        pid, status, usage = os.wait4(child.pid, os.WNOHANG)
        if pid:
            child.returncode = os.waitstatus_to_exitcode(status)
            return max(peak, usage.ru_maxrss / (2**30 if sys.platform == "darwin" else 2**20))
        peak = max(peak, high_water_gib(child.pid))
        time.sleep(POLL_SECONDS)


def high_water_gib(pid: int) -> float:
    try:
        with open(f"/proc/{pid}/status", encoding="utf-8") as status:
            return next((int(line.split()[1]) / 2**20 for line in status if line.startswith("VmHWM:")), 0.0)
    except OSError:
        return 0.0


def end(child: subprocess.Popen) -> None:
    """Ends the process and what it started, gently at first."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        if child.returncode is not None:
            return
        try:
            os.killpg(child.pid, sign)
            child.wait(GRACE_SECONDS)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            pass


def how_it_ended(status: int) -> str:
    if status >= 0:
        return f"it ended with status {status}"
    return f"it was ended by {signal.Signals(-status).name}"


def tail(files: list[Path]) -> str:
    lines = [line for file in files for line in file.read_text("utf-8", "replace").splitlines()[-TAIL_LINES:]]
    return "\n".join(f"    {line}" for line in lines) or "    nothing"
