"""What the peers on PyTorch share: options, batches, the loop that takes the time of each step."""

import argparse
import contextlib
import itertools
import json
import time
from pathlib import Path

import outcome
import torch
from transformers import AutoModelForCausalLM

IGNORED = -100


def parser():
    options = argparse.ArgumentParser()
    options.add_argument("--batches", help="the file in which our side wrote what it trained on")
    options.add_argument("--steps", type=int, default=0, help="0: as the case has them")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--threads", type=int, default=2)
    options.add_argument("--bfloat16", action="store_true", help="compute under autocast")
    options.add_argument("--checkpointing", action="store_true", help="recompute activations")
    return options


def parse(options):
    args = options.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    return args


def repeated(args, steps):
    """The batches of the file, again and again until there were enough; each a map with ids, and labels if rows have them."""
    batches = json.loads(Path(args.batches).read_text(encoding="utf-8"))
    return itertools.islice(itertools.cycle(batches), args.steps or steps)


def load_gguf(model, dtype=torch.float32):
    """A GGUF model, dequantised."""
    path = Path(model)
    return AutoModelForCausalLM.from_pretrained(path.parent, gguf_file=path.name, dtype=dtype)


def load_numbers(model):
    """The same as a model that does not know of the file, which transformers would neither save nor give to its trainer."""
    loaded = load_gguf(model)
    del loaded.config.quantization_config
    numbers = type(loaded)(loaded.config)
    numbers.load_state_dict(loaded.state_dict())
    return numbers


def checkpoint(model):
    model.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
    model.config.use_cache = False


def padded(rows, pad, width=0):
    """Token ids and mask of rows padded to the longest, or padded and cut to a width."""
    width = width or max(map(len, rows))
    rows = [row[:width] for row in rows]
    ids = torch.tensor([row + [pad] * (width - len(row)) for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in rows])
    return ids, mask


def causal_loss(model, pad):
    """Of a batch, where every token but the first of a row is to be predicted."""
    def loss(batch):
        ids, mask = padded(batch["ids"], pad)
        return model(input_ids=ids, attention_mask=mask, labels=ids.masked_fill(mask == 0, IGNORED)).loss
    return loss


def trainable(model):
    return [parameter for parameter in model.parameters() if parameter.requires_grad]


def train(args, model, batches, loss_of, optimizer, packages, clip=0, finish=lambda losses: {}):
    """Trains, and prints the outcome with what `finish` makes of the losses or measures besides."""
    parameters = trainable(model)
    seconds, losses, tokens = [], [], 0
    model.train()
    started = time.perf_counter()
    for batch in batches:
        began = time.perf_counter()
        autocast = torch.autocast("cpu", dtype=torch.bfloat16) if args.bfloat16 else contextlib.nullcontext()
        with autocast:
            loss = loss_of(batch)
        optimizer.zero_grad()
        loss.backward()
        if clip:
            torch.nn.utils.clip_grad_norm_(parameters, clip)
        optimizer.step()
        losses.append(loss.item())
        seconds.append(time.perf_counter() - began)
        tokens += sum(map(len, batch["ids"]))
    total = time.perf_counter() - started
    same = {"tokens": tokens} if args.batches else {}  # of an order of its own there is nothing to compare
    outcome.report(packages, seconds, losses, total, sum(parameter.numel() for parameter in parameters),
                   **same, **finish(losses))
