"""The Python side of the spam-epoch cases: PEFT fine-tunes a GGUF model into a spam classifier.

Reads the split that the Java side wrote (train.csv, validation.csv, test.csv: label,text). Batches are shuffled and padded
to a fixed length as Appendix E does (--pad 120), or to the longest message of the batch, of those of like length
(--pad longest). With --batches it trains on the very batches that the Java side wrote instead of its own.
"""

import csv
import json
import random
from pathlib import Path

import torch
import torch_training
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForSequenceClassification, AutoTokenizer

LABELS = ["ham", "spam"]
SIZE = 8
BUCKET = 16  # batches that are sorted by length together


def read(path, tokenizer):
    """A list of (ids, class)."""
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    ids = tokenizer([row["text"] for row in rows], add_special_tokens=False)["input_ids"]
    return [(row_ids, LABELS.index(row["label"])) for row_ids, row in zip(ids, rows)]


def batches(rows, shuffle, bucketed, rng):
    """In batches as the file of our side has them; an incomplete one is left out where there is shuffling."""
    order = list(rows)
    if shuffle:
        rng.shuffle(order)
    if bucketed:
        window = SIZE * BUCKET
        order = [row for at in range(0, len(order), window)
                 for row in sorted(order[at:at + window], key=lambda row: len(row[0]))]
    out = [order[at:at + SIZE] for at in range(0, len(order), SIZE)]
    if shuffle:
        out = [batch for batch in out if len(batch) == SIZE]
        rng.shuffle(out)
    return [{"ids": [ids for ids, _ in batch], "labels": [label for _, label in batch]} for batch in out]


def main():
    options = torch_training.parser()
    options.add_argument("--model", required=True)
    options.add_argument("--data", type=Path, required=True)
    options.add_argument("--epochs", type=int, default=3)
    options.add_argument("--rank", type=int, default=16)
    options.add_argument("--lr", type=float, default=2e-4)
    options.add_argument("--decay", type=float, default=0.1)
    options.add_argument("--pad", default="longest")
    options.add_argument("--no-evaluation", action="store_true")
    args = torch_training.parse(options)

    rng = random.Random(args.seed)
    width = 0 if args.pad == "longest" else int(args.pad)
    path = Path(args.model)
    tokenizer = AutoTokenizer.from_pretrained(path.parent, gguf_file=path.name)
    model = AutoModelForSequenceClassification.from_pretrained(
        path.parent, gguf_file=path.name, num_labels=len(LABELS), dtype=torch.float32)
    pad = tokenizer.convert_tokens_to_ids("<|im_end|>")
    model.config.pad_token_id = pad
    targets = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj", "score"]
    model = get_peft_model(model, LoraConfig(
        r=args.rank, lora_alpha=args.rank, lora_dropout=0.0, target_modules=targets))
    optimizer = torch.optim.AdamW(torch_training.trainable(model), lr=args.lr, weight_decay=args.decay)

    def logits(batch):
        ids, mask = torch_training.padded(batch["ids"], pad, width)
        return model(input_ids=ids, attention_mask=mask).logits

    def loss(batch):
        return torch.nn.functional.cross_entropy(logits(batch), torch.tensor(batch["labels"]))

    @torch.no_grad()
    def accuracy(name):
        model.eval()
        rows = read(args.data / f"{name}.csv", tokenizer)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=args.bfloat16):
            right = sum((logits(batch).argmax(-1) == torch.tensor(batch["labels"])).sum().item()
                        for batch in batches(rows, False, not width, rng))
        return right / len(rows)

    def accuracies(_):
        if args.no_evaluation:
            return {}
        return {"validation_accuracy": accuracy("validation"), "test_accuracy": accuracy("test")}

    if args.batches:
        order = json.loads(Path(args.batches).read_text(encoding="utf-8"))
    else:
        rows = read(args.data / "train.csv", tokenizer)
        order = [batch for _ in range(args.epochs) for batch in batches(rows, True, not width, rng)]
    torch_training.train(args, model, order[:args.steps or None], loss, optimizer, ("PEFT", "transformers", "torch"),
                         finish=accuracies)


if __name__ == "__main__":
    main()
