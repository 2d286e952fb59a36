"""How fast a token could be at best if all that took time were to read the weights once: their sum, in all threads."""

import argparse
import json
import statistics
import time

import outcome
import torch
import torch_training


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--model", required=True, help="a GGUF file")
    args.add_argument("--prompts", help="not needed")
    args.add_argument("--tokens", type=int, default=64)
    args.add_argument("--rounds", type=int, default=3)
    args.add_argument("--threads", type=int, default=2)
    args = args.parse_args()

    torch.set_num_threads(args.threads)
    model = torch_training.load_gguf(args.model, torch.float32)
    weights = torch.cat([weight.detach().reshape(-1) for weight in model.parameters()])  # a tied head is there once
    del model

    def pace():
        start = time.perf_counter()
        for _ in range(args.tokens):
            weights.sum()
        return args.tokens / (time.perf_counter() - start)

    pace()
    print(json.dumps({
        "stack": outcome.stack(("torch",)),
        "steps": args.tokens,
        "tokens_per_second": statistics.median(pace() for _ in range(args.rounds)),
    }))


if __name__ == "__main__":
    main()
