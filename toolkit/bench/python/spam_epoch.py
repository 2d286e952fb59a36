"""The Python side of `spam-epoch`: PEFT fine-tunes a GGUF model into a spam classifier.

Reads the split that the Java side wrote (train.csv, validation.csv, test.csv: label,text) and prints
one JSON object as its last line. Batches are shuffled and padded to the longest message of the batch
within length buckets (--pad longest), or to a fixed length as Appendix E does (--pad 120). With
--batches it trains on the very batches that the Java side wrote instead of its own.
"""

import argparse
import csv
import json
import random
import resource
import statistics
import time
from pathlib import Path

import peft
import torch
import transformers
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForSequenceClassification, AutoTokenizer

LABELS = ["ham", "spam"]
WARM_UP = 3  # steps left out of the step times, as on the Java side


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        return [(row["text"], LABELS.index(row["label"])) for row in csv.DictReader(file)]


def batches(rows, size, shuffle, bucketed, rng):
    """Batches of row numbers; a bucket is 16 batches sorted by length, batches in random order."""
    order = list(range(len(rows)))
    if shuffle:
        rng.shuffle(order)
    if bucketed:
        window = size * 16
        order = [i for at in range(0, len(order), window)
                 for i in sorted(order[at:at + window], key=lambda i: len(rows[i][0]))]
    out = [order[at:at + size] for at in range(0, len(order), size)]
    if shuffle:
        out = [batch for batch in out if len(batch) == size]
        rng.shuffle(out)
    return out


def training_batches(args, rows, pad, rng):
    """The batches of all epochs, each a list of (ids, label)."""
    if args.batches:
        written = json.loads(Path(args.batches).read_text(encoding="utf-8"))
        order = [list(zip(batch["ids"], batch["labels"])) for batch in written]
    else:
        order = [[rows[i] for i in batch]
                 for _ in range(args.epochs) for batch in batches(rows, 8, True, not pad, rng)]
    return order[:args.steps or None]


def collate(rows, pad, pad_id):
    ids = [row for row, _ in rows]
    length = pad or max(map(len, ids))
    ids = [row[:length] for row in ids]
    tokens = torch.tensor([row + [pad_id] * (length - len(row)) for row in ids])
    mask = torch.tensor([[1] * len(row) + [0] * (length - len(row)) for row in ids])
    return tokens, mask, torch.tensor([label for _, label in rows])


@torch.no_grad()
def accuracy(model, rows, pad, pad_id, rng):
    model.eval()
    right = 0
    for batch in batches(rows, 8, False, not pad, rng):
        ids, mask, labels = collate([rows[i] for i in batch], pad, pad_id)
        right += (model(input_ids=ids, attention_mask=mask).logits.argmax(-1) == labels).sum().item()
    return right / len(rows)


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--model", required=True)
    args.add_argument("--data", required=True)
    args.add_argument("--epochs", type=int, default=3)
    args.add_argument("--steps", type=int, default=0, help="stop after so many steps; 0: all")
    args.add_argument("--seed", type=int, default=1)
    args.add_argument("--rank", type=int, default=16)
    args.add_argument("--lr", type=float, default=2e-4)
    args.add_argument("--decay", type=float, default=0.1)
    args.add_argument("--pad", default="longest")
    args.add_argument("--batches", help="train on the batches in this file")
    args.add_argument("--threads", type=int, default=2)
    args.add_argument("--no-evaluation", action="store_true")
    args = args.parse_args()
    if 0 < args.steps <= WARM_UP:
        raise SystemExit(f"--steps {args.steps} leaves nothing after {WARM_UP} steps of warm-up")

    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    rng = random.Random(args.seed)
    pad = 0 if args.pad == "longest" else int(args.pad)
    path = Path(args.model)
    tokenizer = AutoTokenizer.from_pretrained(path.parent, gguf_file=path.name)
    model = AutoModelForSequenceClassification.from_pretrained(
        path.parent, gguf_file=path.name, num_labels=2, dtype=torch.float32)
    pad_id = tokenizer.convert_tokens_to_ids("<|im_end|>")
    model.config.pad_token_id = pad_id
    targets = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj", "score"]
    model = get_peft_model(model, LoraConfig(r=args.rank, lora_alpha=args.rank, lora_dropout=0.0, target_modules=targets))
    trainable = [p for p in model.parameters() if p.requires_grad]

    splits = {}
    for name in ["train", "validation", "test"]:
        rows = read(Path(args.data) / f"{name}.csv")
        ids = tokenizer([text for text, _ in rows], add_special_tokens=False)["input_ids"]
        splits[name] = [(row, label) for row, (_, label) in zip(ids, rows)]

    optimizer = torch.optim.AdamW(trainable, lr=args.lr, weight_decay=args.decay)
    order = training_batches(args, splits["train"], pad, rng)
    seconds, losses = [], []
    model.train()
    started = time.perf_counter()
    for batch in order:
        began = time.perf_counter()
        ids, mask, labels = collate(batch, pad, pad_id)
        logits = model(input_ids=ids, attention_mask=mask).logits
        loss = torch.nn.functional.cross_entropy(logits, labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        seconds.append(time.perf_counter() - began)
    train_seconds = time.perf_counter() - started
    result = {
        "stack": f"PEFT {peft.__version__}, transformers {transformers.__version__}, "
                 f"torch {torch.__version__}",
        "seed": args.seed,
        "steps": len(seconds),
        "train_seconds": train_seconds,
        "step_seconds_median": statistics.median(seconds[WARM_UP:]),
        "first_loss": losses[0],
        "last_losses_mean": statistics.mean(losses[-50:]),
        "trainable": sum(p.numel() for p in trainable),
        "peak_rss_gib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
    }
    if not args.no_evaluation:
        result["validation_accuracy"] = accuracy(model, splits["validation"], pad, pad_id, rng)
        result["test_accuracy"] = accuracy(model, splits["test"], pad, pad_id, rng)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
