"""Executes one Java notebook; leaves the executed notebook and its HTML in a folder.

Ends with a non-zero status when a cell fails, when the kernel dies, or when a declaration refers
to a name that nothing defines. What was executed up to then is written all the same.
"""

import argparse
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_core.utils import run_sync
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from offline_html import offline_html

HEARTBEAT_SECONDS = 60
WORTH_TELLING_SECONDS = 1

SPARK = "java-spark"

ABOUT = "dev.lorikeet.notebook.Lorikeet.about()"

# JShell accepts a method or class that uses unknown names and says so only when it is called.
UNRESOLVED = """
kernel().getJShell().snippets()
    .filter(s -> kernel().getJShell().status(s).name().startsWith("RECOVERABLE"))
    .map(s -> s.source().strip())
    .collect(java.util.stream.Collectors.joining("\\n\\n"))
"""


def plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)


def indented(text: str) -> str:
    return "\n".join("    " + line for line in plain(text).rstrip().splitlines())


def say(text: str) -> None:
    print(text, flush=True)


class Progress:
    """A line when a cell starts, one each minute while it runs, one when it took a while."""

    def __init__(self, notebook) -> None:
        code = [i for i, cell in enumerate(notebook.cells) if runnable(cell)]
        self.number = {index: number for number, index in enumerate(code, start=1)}
        self.over = threading.Event()

    def name(self, index: int) -> str:
        return f"cell {self.number[index]} of {len(self.number)}"

    def start(self, cell, cell_index: int, **_) -> None:
        first = cell.source.strip().splitlines()[0]
        say(f"  {self.name(cell_index)}: {first if len(first) <= 90 else first[:89] + '…'}")
        self.began = time.monotonic()
        self.over = threading.Event()
        threading.Thread(target=self.beat, args=(self.over,), daemon=True).start()

    def beat(self, over: threading.Event) -> None:
        while not over.wait(HEARTBEAT_SECONDS):
            say(f"      … {time.monotonic() - self.began:.0f} s")

    def end(self, **_) -> None:
        self.over.set()
        took = time.monotonic() - self.began
        if took >= WORTH_TELLING_SECONDS:
            say(f"      {took:.1f} s")


def runnable(cell) -> bool:
    return cell.cell_type == "code" and bool(cell.source.strip())


def report(cell, where: str) -> None:
    errors = [o for o in cell.outputs if o.output_type == "error"]
    say(f"\n{where} failed:\n{indented(cell.source)}\n")
    for error in errors:
        say(indented("\n".join(error.traceback) or f"{error.ename}: {error.evalue}"))


async def kernel_info(client: NotebookClient) -> dict:
    reply = await client.kc.kernel_info(reply=True, timeout=client.startup_timeout)
    return reply["content"]


def asked(client: NotebookClient, source: str) -> str:
    """What an expression gives as text; the notebook stays untouched."""
    cell = nbformat.v4.new_code_cell(source)
    client.nb.cells.append(cell)
    hooks = client.on_cell_start, client.on_cell_complete
    client.on_cell_start = client.on_cell_complete = None
    try:
        client.execute_cell(cell, len(client.nb.cells) - 1, store_history=False)
    finally:
        client.on_cell_start, client.on_cell_complete = hooks
        client.nb.cells.pop()
    results = [o for o in cell.outputs if o.output_type == "execute_result"]
    return results[0].data["text/plain"].strip() if results else ""


def told(client: NotebookClient) -> str:
    """What the toolkit runs on; empty in a notebook that does without it."""
    try:
        return asked(client, ABOUT)
    except CellExecutionError:
        return ""


def commit(folder: Path) -> str:
    """The commit of the checkout that a folder is in; empty where git does not know."""
    try:
        found = subprocess.run(
            ["git", "-C", str(folder), "rev-parse", "--short", "HEAD"],
            capture_output=True,
            text=True,
        )
    except OSError:
        return ""
    return found.stdout.strip() if found.returncode == 0 else ""


def provenance(about: str, folder: Path, seconds: float) -> dict:
    """Where a run's outputs come from, as its notebook's metadata says it."""
    toolkit, _, machine = about.split(" · ")
    facts = {
        "version": toolkit.removeprefix("Lorikeet").strip(),
        "commit": commit(folder),
        "cpu": machine,
        "seconds": round(seconds),
    }
    return {key: value for key, value in facts.items() if value != ""}


def execute(notebook, folder: Path, kernel: str) -> bool:
    progress = Progress(notebook)
    client = NotebookClient(
        notebook,
        kernel_name=kernel,
        timeout=None,
        startup_timeout=180,
        resources={"metadata": {"path": str(folder)}},
        on_cell_start=progress.start,
        on_cell_complete=progress.end,
    )
    index = 0
    try:
        with client.setup_kernel():
            info = run_sync(kernel_info)(client)
            notebook.metadata["language_info"] = info["language_info"]
            began = time.monotonic()
            for index in progress.number:
                client.execute_cell(notebook.cells[index], index)
            seconds = time.monotonic() - began
            about = told(client)
            missing = asked(client, UNRESOLVED) if info["implementation"] == "JJava" else ""
    except CellExecutionError:
        report(notebook.cells[index], progress.name(index))
        return False
    except DeadKernelError:
        say(f"\nThe kernel died in {progress.name(index)}:\n{indented(notebook.cells[index].source)}")
        return False
    finally:
        progress.over.set()
    if about:
        notebook.metadata["lorikeet"] = provenance(about, folder, seconds)
    if missing:
        say(f"\nThese declarations use names that nothing defines:\n{indented(missing)}")
    return not missing


def kernel_of(notebook) -> str:
    """The kernel that a notebook runs on: that of this environment, whatever it was written with."""
    return SPARK if notebook.metadata.get("kernelspec", {}).get("name") == SPARK else "java"


def joined(outputs: list) -> list:
    """Neighbouring pieces of a stream as one; what was shown between two of them stays there."""
    whole = []
    for output in outputs:
        last = whole[-1] if whole else None
        streams = last is not None and output.output_type == last.output_type == "stream"
        if streams and output.name == last.name:
            last.text += output.text
        else:
            whole.append(output)
    return whole


def write(notebook, source: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = joined(cell.outputs)
    nbformat.write(notebook, folder / f"{source.stem}.ipynb")
    html = offline_html(notebook, source.stem, source.resolve().parent)
    (folder / f"{source.stem}.html").write_text(html, encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("notebook", type=Path)
    parser.add_argument("output", type=Path, help="folder for the executed notebook and its HTML")
    parser.add_argument("--kernel", help="java unless given, or java-spark where the notebook asks for it")
    args = parser.parse_args()

    notebook = nbformat.read(args.notebook, as_version=4)
    say(f"Running {args.notebook.name}")
    began = time.monotonic()
    kernel = args.kernel or kernel_of(notebook)
    if kernel == SPARK and SPARK not in KernelSpecManager().find_kernel_specs():
        say(f"{args.notebook.name} needs Spark: binder/lab --spark --run {args.notebook}")
        return 1
    passed = execute(notebook, args.notebook.resolve().parent, kernel)
    write(notebook, args.notebook, args.output)
    verdict = "passed" if passed else "FAILED"
    say(f"{args.notebook.name} {verdict} after {time.monotonic() - began:.0f} s; see {args.output}")
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
