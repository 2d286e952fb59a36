"""What a measurement was made on."""

import os
import platform
import subprocess
from pathlib import Path

FEATURES = ("avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16", "amx_int8")


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def cpu() -> tuple[str, list[str]]:
    """The processor's name and which of FEATURES it has (known on Linux only)."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine(), []
    fields = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
    flags = fields.get("flags", "").split()
    return fields.get("model name", platform.machine()), [name for name in FEATURES if name in flags]


def commit(root: Path) -> str:
    """The checkout's commit, with a mark if what is measured differs from it."""
    def git(*arguments: str) -> str:
        return subprocess.run(["git", "-C", root, *arguments], check=True, capture_output=True,
                              text=True).stdout.strip()
    try:
        changed = git("status", "--porcelain", "--", "pom.xml", "toolkit", "binder", "datasets")
        return git("rev-parse", "--short=12", "HEAD") + (" with changes" if changed else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
