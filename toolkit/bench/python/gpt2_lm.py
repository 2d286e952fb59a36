"""The Python side of the gpt2-lm cases: GPT-2 small with random weights as a language model, by PEFT or in full.

Trains on the batches that the Java side wrote, again and again until there were enough steps, and prints one
JSON object as its last line. Dropout is off, as on the Java side, whose models have none.
"""

import argparse
import contextlib
import itertools
import json
import resource
import statistics
import time
from pathlib import Path

import peft
import torch
import transformers
from peft import LoraConfig, get_peft_model
from transformers import GPT2Config, GPT2LMHeadModel

STEPS = 12
WARM_UP = 3  # steps left out of the step times, as on the Java side
PAD = 50256


def collate(rows):
    length = max(map(len, rows))
    ids = torch.tensor([row + [PAD] * (length - len(row)) for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (length - len(row)) for row in rows])
    return ids, mask, ids.masked_fill(mask == 0, -100)


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--batches", required=True)
    args.add_argument("--steps", type=int, default=0, help=f"0: {STEPS}")
    args.add_argument("--seed", type=int, default=1)
    args.add_argument("--threads", type=int, default=2)
    args.add_argument("--full", action="store_true", help="train all weights, without PEFT")
    args.add_argument("--bfloat16", action="store_true", help="compute under autocast")
    args.add_argument("--checkpointing", action="store_true")
    args = args.parse_args()

    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    model = GPT2LMHeadModel(GPT2Config(resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0))
    if args.checkpointing:
        model.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
        model.config.use_cache = False
    if not args.full:
        # PEFT knows GPT-2's query, key and value as one module; its matrices have as many numbers as
        # ours on query and value.
        model = get_peft_model(model, LoraConfig(
            task_type="CAUSAL_LM", r=4, lora_alpha=32, lora_dropout=0.0, target_modules=["c_attn"],
            fan_in_fan_out=True))
    trainable = [p for p in model.parameters() if p.requires_grad]
    vectors = [p for p in trainable if p.dim() == 1]
    matrices = [p for p in trainable if p.dim() > 1]
    optimizer = torch.optim.AdamW(
        [{"params": matrices, "weight_decay": 0.01}, {"params": vectors, "weight_decay": 0.0}],
        lr=5e-5, eps=1e-6)

    batches = json.loads(Path(args.batches).read_text(encoding="utf-8"))
    seconds, losses = [], []
    model.train()
    started = time.perf_counter()
    for batch in itertools.islice(itertools.cycle(batches), args.steps or STEPS):
        began = time.perf_counter()
        ids, mask, labels = collate(batch["ids"])
        autocast = torch.autocast("cpu", dtype=torch.bfloat16) if args.bfloat16 else contextlib.nullcontext()
        with autocast:
            loss = model(input_ids=ids, attention_mask=mask, labels=labels).loss
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trainable, 1.0)
        optimizer.step()
        losses.append(loss.item())
        seconds.append(time.perf_counter() - began)
    print(json.dumps({
        "stack": ("" if args.full else f"PEFT {peft.__version__}, ")
                 + f"transformers {transformers.__version__}, torch {torch.__version__}",
        "steps": len(seconds),
        "trainable": sum(p.numel() for p in trainable),
        "train_seconds": time.perf_counter() - started,
        "step_seconds_median": statistics.median(seconds[WARM_UP:]),
        "first_loss": losses[0],
        "last_loss": losses[-1],
        "peak_rss_gib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
    }))


if __name__ == "__main__":
    main()
