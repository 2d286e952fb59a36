"""The peer of the tokenise case: transformers' fast tokenizer on the texts that the Java side wrote, and from its files.

All texts in one call, which takes all cores unless TOKENIZERS_PARALLELISM says otherwise. Prints one JSON object as its
last line.
"""

import argparse
import json
import os
import statistics
import time
from pathlib import Path

import outcome


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--tokenizer", required=True, help="a folder")
    args.add_argument("--texts", required=True)
    args.add_argument("--warm-up", type=int, default=10)
    args.add_argument("--passes", type=int, default=20)
    args.add_argument("--one-core", action="store_true")
    args = args.parse_args()

    # Read when the libraries are loaded.
    os.environ["TOKENIZERS_PARALLELISM"] = "false" if args.one_core else "true"
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(args.tokenizer)
    if not tokenizer.is_fast:
        raise SystemExit(f"{type(tokenizer).__name__} is no fast tokenizer")
    texts = json.loads(Path(args.texts).read_text(encoding="utf-8"))

    def seconds():
        began = time.perf_counter()
        tokenizer(texts, add_special_tokens=False)["input_ids"]
        return time.perf_counter() - began

    for _ in range(args.warm_up):
        seconds()
    print(json.dumps({
        "stack": outcome.stack(("transformers", "tokenizers")),
        "steps": args.passes,
        "seconds": statistics.median(seconds() for _ in range(args.passes)),
        "tokens": sum(map(len, tokenizer(texts, add_special_tokens=False)["input_ids"])),
    }))


if __name__ == "__main__":
    main()
