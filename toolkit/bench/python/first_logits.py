"""The peer of the first-logits case: transformers, from the start of the process to a GGUF model's first logits.

Prints one JSON object as its last line.
"""

import argparse
import json
import time
from pathlib import Path

import outcome
import torch
import torch_training
from transformers import AutoTokenizer

PROMPT = "The history of the bicycle begins"


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--model", required=True)
    args.add_argument("--began", type=float, required=True, help="when the process was started, seconds since 1970")
    args.add_argument("--threads", type=int, default=2)
    args = args.parse_args()

    torch.set_num_threads(args.threads)
    path = Path(args.model)
    tokenizer = AutoTokenizer.from_pretrained(path.parent, gguf_file=path.name)
    model = torch_training.load_gguf(args.model).eval()
    with torch.no_grad():
        logits = model(**tokenizer(PROMPT, return_tensors="pt")).logits[0, -1]
    likeliest = logits.argmax().item()
    print(json.dumps({
        "stack": outcome.stack(("transformers", "torch")),
        "steps": 1,
        "seconds": time.time() - args.began,
        "likeliest": likeliest,
    }))


if __name__ == "__main__":
    main()
