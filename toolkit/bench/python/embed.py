"""The peer of the embed case: transformers does what `encode` of sentence-transformers does with all-MiniLM-L6-v2.

Texts sorted by length, the longest first, in batches of 32, each cut into tokens and padded together; the mean of the tokens
that are no padding, scaled to length 1. Prints one JSON object as its last line.
"""

import argparse
import json
import statistics
import time
from pathlib import Path

import agreement
import outcome
import torch
from transformers import AutoModel, AutoTokenizer

SIZE = 32
LONGEST = 256  # as the model's sentence_bert_config.json says
MOST = 1e-4


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--model", required=True)
    args.add_argument("--texts", required=True)
    args.add_argument("--vectors", required=True, help="those of our side")
    args.add_argument("--rounds", type=int, default=3)
    args.add_argument("--threads", type=int, default=2)
    args = args.parse_args()

    torch.set_num_threads(args.threads)
    tokenizer = AutoTokenizer.from_pretrained(args.model)
    model = AutoModel.from_pretrained(args.model, dtype=torch.float32).eval()
    texts = json.loads(Path(args.texts).read_text(encoding="utf-8"))

    @torch.inference_mode()
    def embed():
        order = sorted(range(len(texts)), key=lambda row: -len(texts[row]))
        vectors = []
        for at in range(0, len(order), SIZE):
            batch = tokenizer([texts[row] for row in order[at:at + SIZE]], padding=True, truncation=True,
                              max_length=LONGEST, return_tensors="pt")
            mask = batch["attention_mask"].unsqueeze(-1).float()
            states = model(**batch).last_hidden_state
            mean = (states * mask).sum(1) / mask.sum(1).clamp(min=1e-9)
            vectors += torch.nn.functional.normalize(mean)
        return torch.stack(vectors)[torch.tensor(order).argsort()]

    def pace():
        began = time.perf_counter()
        embed()
        return len(texts) / (time.perf_counter() - began)

    largest = agreement.differences(args.vectors, embed()).max().item()
    print(f"vectors differ from Lorikeet's by at most {largest:.1g}")
    agreement.check("vectors", largest, MOST)
    print(json.dumps({
        "stack": outcome.stack(("transformers", "torch")),
        "steps": args.rounds,
        "sentences_per_second": statistics.median(pace() for _ in range(args.rounds)),
        "largest_difference": largest,
    }))


if __name__ == "__main__":
    main()
