"""The peer of the decode cases: transformers writes greedily, after the prompts whose ids the Java side wrote.

The pace is that of all rows together after the first token, the median of some rounds after one that does not count;
the end token ends nothing, so that each round has as many tokens. Prints one JSON object as its last line.
"""

import argparse
import json
import statistics
import time
from pathlib import Path

import gpt2_lm
import outcome
import torch
import torch_training
from transformers import StoppingCriteria, StoppingCriteriaList


class FirstToken(StoppingCriteria):
    """Stops nothing; notes when the first token was there."""

    def __init__(self):
        self.time = None

    def __call__(self, input_ids, scores, **kwargs):
        self.time = self.time or time.perf_counter()
        return torch.zeros(len(input_ids), dtype=torch.bool)


def padded(rows):
    """Ids and mask, padded on the left."""
    length = max(map(len, rows))
    ids = torch.tensor([[0] * (length - len(row)) + row for row in rows])
    return ids, torch.tensor([[0] * (length - len(row)) + [1] * len(row) for row in rows])


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--model", help="a GGUF file; without it GPT-2 small with random weights")
    args.add_argument("--prompts", required=True)
    args.add_argument("--precision", choices=["float32", "bfloat16"], default="float32")
    args.add_argument("--tokens", type=int, default=64)
    args.add_argument("--rounds", type=int, default=3)
    args.add_argument("--threads", type=int, default=2)
    args = args.parse_args()

    torch.set_num_threads(args.threads)
    dtype = getattr(torch, args.precision)
    model = (torch_training.load_gguf(args.model, dtype) if args.model else gpt2_lm.gpt2().to(dtype)).eval()
    model.generation_config.eos_token_id = None
    model.generation_config.pad_token_id = 0
    ids, mask = padded(json.loads(Path(args.prompts).read_text(encoding="utf-8")))

    def pace():
        first = FirstToken()
        written = model.generate(ids, attention_mask=mask, max_new_tokens=args.tokens, do_sample=False,
                                 stopping_criteria=StoppingCriteriaList([first]))
        seconds = time.perf_counter() - first.time
        new = written.shape[1] - ids.shape[1]
        if new != args.tokens:
            raise SystemExit(f"wrote {new} tokens, not {args.tokens}")
        return len(ids) * (new - 1) / seconds

    pace()
    print(json.dumps({
        "stack": outcome.stack(("transformers", "torch")),
        "steps": args.tokens,
        "tokens_per_second": statistics.median(pace() for _ in range(args.rounds)),
    }))


if __name__ == "__main__":
    main()
