"""Checks that transformers and llama.cpp read what Lorikeet has saved, and write the same ids with it.

    python export_check.py FOLDER [--without transformers|llama.cpp]

FOLDER is one that dev.lorikeet.bench.ExportModel has written: folders in Hugging Face's layout and .gguf files, and in
expected.json Lorikeet's own ids for some prompts, computed in float32, greedily: {"plain": [{"prompt", "ids", "greedy"}],
"lora": [...]}. A name begins with the case that it belongs to; lora.gguf is an adapter on plain-f16.gguf. Prints a line for
each model and prompt, and exits with 1 if ids differ where they must not: those of Q8_0 and bfloat16, which round more
coarsely, are shown only.

Needs transformers and torch, and xllamacpp, which brings llama.cpp along as a wheel. Made with torch 2.7.1, transformers
5.23.0 and xllamacpp 2026.10.11549.
"""

import argparse
import json
import os
import sys
import urllib.request
from pathlib import Path

ADAPTER = "lora.gguf"
BASE = "plain-f16.gguf"
COARSE = ("shards", "q8_0")


def case_of(path):
    return path.name.split("-")[0].split(".")[0]


def with_transformers(folder, cases):
    """The ids of each prompt and those that follow, in the precision that the folder has."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    cut = AutoTokenizer.from_pretrained(folder)
    model, loading = AutoModelForCausalLM.from_pretrained(folder, dtype="auto", output_loading_info=True)
    missing = {kind: names for kind, names in loading.items() if names}
    if missing:
        raise SystemExit(f"{folder}: {missing}")
    print(f"{folder.name}: {type(cut).__name__}, {type(model).__name__} in {model.dtype}, end {cut.eos_token!r}")
    for case in cases:
        ids = cut(case["prompt"])["input_ids"]
        with torch.no_grad():
            all = model.eval().generate(torch.tensor([case["ids"]]), max_new_tokens=len(case["greedy"]), do_sample=False)
        yield ids, all[0, len(case["ids"]) :].tolist()


def with_llama_cpp(file, adapter, cases):
    import xllamacpp

    settings = xllamacpp.CommonParams()
    settings.model.path = str(file)
    settings.n_ctx = 256
    settings.n_parallel = 1
    settings.cpuparams.n_threads = os.cpu_count()
    settings.warmup = False
    settings.verbosity = 1
    if adapter:
        settings.lora_adapters = [xllamacpp.CommonAdapterLoraInfo(str(adapter), 1.0)]
    server = xllamacpp.Server(settings)

    def ask(path, **request):
        data = json.dumps(request).encode()
        headers = {"Content-Type": "application/json"}
        with urllib.request.urlopen(urllib.request.Request(server.listening_address + path, data, headers)) as answer:
            return json.load(answer)

    for case in cases:
        ids = ask("/tokenize", content=case["prompt"], add_special=True, parse_special=True)["tokens"]
        wanted = {"n_predict": len(case["greedy"]), "temperature": 0, "return_tokens": True, "cache_prompt": False}
        yield ids, ask("/completion", prompt=case["ids"], **wanted)["tokens"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--without", choices=["transformers", "llama.cpp"])
    options = parser.parse_args()
    expected = json.loads((options.folder / "expected.json").read_text())
    runs = []
    for path in sorted(options.folder.iterdir()):
        cases = expected.get(case_of(path))
        if path.is_dir() and options.without != "transformers":
            runs.append((path, cases, with_transformers(path, cases)))
        elif path.suffix == ".gguf" and options.without != "llama.cpp":
            adapter = path.name == ADAPTER
            runs.append((path, cases, with_llama_cpp(path.with_name(BASE) if adapter else path, adapter and path, cases)))
    failed = 0
    for path, cases, answers in runs:
        for case, (ids, written) in zip(cases, answers, strict=True):
            # Whether the end token is told is each tool's own habit.
            greedy = case["greedy"]
            same = written == greedy or written == greedy[: len(written)] and len(written) == len(greedy) - 1
            must = not any(word in path.name for word in COARSE)
            failed += ids != case["ids"] or must and not same
            agreed = next((i for i, (a, b) in enumerate(zip(written, greedy)) if a != b), min(len(written), len(greedy)))
            print(
                f"  {path.name:22} prompt {'same' if ids == case['ids'] else ids}, "
                f"{agreed} of {len(greedy)} ids the same{'' if same else f': {written}'}"
            )
    if not runs or failed:
        sys.exit(f"{failed} of the prompts differ" if runs else "nothing to check")
    print("all the same")


if __name__ == "__main__":
    main()
