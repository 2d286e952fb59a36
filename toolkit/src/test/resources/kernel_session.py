"""Drives one Java kernel through the steps of a JSON file and writes what came back as JSON.

A step has a `name` and one of `code` to execute, `complete` with the cursor at the end of the text,
`inspect` with the cursor before its last character, and `pause` in seconds. With `interruptAt` the kernel is interrupted once an output matches that pattern.
"""

import json
import re
import sys
import time
from pathlib import Path

from jupyter_client.manager import start_new_kernel

PATIENCE_SECONDS = 120


def plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)


class Session:
    def __init__(self) -> None:
        self.manager, self.client = start_new_kernel(kernel_name="java", startup_timeout=PATIENCE_SECONDS)
        self.cells: dict[str, dict] = {}

    def close(self) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    def run(self, step: dict) -> dict:
        if "complete" in step:
            code = step["complete"]
            return self.client.complete(code, len(code), reply=True, timeout=PATIENCE_SECONDS)["content"]
        if "inspect" in step:
            code = step["inspect"]
            return self.client.inspect(code, len(code) - 1, reply=True, timeout=PATIENCE_SECONDS)["content"]
        if "pause" in step:
            time.sleep(float(step["pause"]))
            return {}
        return self.execute(step["code"], step.get("interruptAt"))

    def execute(self, code: str, interrupt_at: str | None) -> dict:
        began = time.monotonic()
        cell_id = self.client.execute(code)
        cell = self.cells[cell_id] = {"printed": "", "shown": [], "types": []}
        interrupted = None
        while True:
            message = self.client.get_iopub_msg(timeout=PATIENCE_SECONDS)
            parent = message["parent_header"].get("msg_id")
            seen = self.note(message, self.cells.get(parent, {"printed": "", "shown": [], "types": []}))
            if interrupt_at and interrupted is None and re.search(interrupt_at, seen):
                interrupted = time.monotonic()
                self.client.control_channel.send(self.client.session.msg("interrupt_request", {}))
            if parent == cell_id and message["content"].get("execution_state") == "idle":
                break
        cell["seconds"] = time.monotonic() - began
        if interrupted is not None:
            cell["secondsToStop"] = time.monotonic() - interrupted
        return cell

    @staticmethod
    def note(message: dict, cell: dict) -> str:
        """Adds an output to its cell, which may have ended; the text of it."""
        kind, content = message["msg_type"], message["content"]
        if kind == "stream":
            cell["printed"] += content["text"]
            return content["text"]
        if kind in ("display_data", "update_display_data", "execute_result"):
            text = content["data"].get("text/plain", "")
            cell["shown"].append(text)
            cell["types"].append(sorted(content["data"]))
            return text
        if kind == "error":
            cell["error"] = plain("\n".join(content["traceback"]))
        return ""


def main() -> None:
    steps, results = map(Path, sys.argv[1:])
    session = Session()
    try:
        answers = {step["name"]: session.run(step) for step in json.loads(steps.read_text(encoding="utf-8"))}
    finally:
        session.close()
    results.write_text(json.dumps(answers), encoding="utf-8")


if __name__ == "__main__":
    main()
