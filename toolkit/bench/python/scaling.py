"""The peer of the scaling case: PEFT on GPT-2 small with random weights, a few steps on each batch of the Java side.

The batches have different shapes, the smallest first. Prints one JSON object as its last line, with the median time of a
step and the peak memory for each shape.
"""

import json
import resource
import statistics
import sys
import time
from pathlib import Path

import gpt2_lm
import outcome
import torch
import torch_training
from peft import get_peft_model


def forget_peak():
    """The kernel then counts the peak anew; elsewhere than on Linux it is that of the whole run so far."""
    if sys.platform == "linux":
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def peak_gib():
    if sys.platform != "linux":
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**30
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    return next(int(line.split()[1]) / 2**20 for line in status.splitlines() if line.startswith("VmHWM:"))


def main():
    options = torch_training.parser()
    options.set_defaults(steps=4)
    args = torch_training.parse(options)
    model = get_peft_model(gpt2_lm.gpt2(), gpt2_lm.lora())
    trainable = torch_training.trainable(model)
    optimizer = gpt2_lm.adamw(trainable)
    model.train()

    def step(ids):
        began = time.perf_counter()
        loss = model(input_ids=ids, labels=ids).loss
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trainable, 1.0)
        optimizer.step()
        loss.item()
        return time.perf_counter() - began

    result = {
        "stack": outcome.stack(("PEFT", "transformers", "torch")),
        "steps": args.steps,
        "trainable": sum(p.numel() for p in trainable),
    }
    for batch in json.loads(Path(args.batches).read_text(encoding="utf-8")):
        ids = torch.tensor(batch["ids"])
        shape = f"{ids.shape[1]}×{ids.shape[0]}"
        forget_peak()
        seconds = [step(ids) for _ in range(args.steps)]
        result[f"{shape}/step"] = statistics.median(seconds[args.steps // 2:])
        result[f"{shape}/peak"] = peak_gib()
        print(f"{shape}: {result[f'{shape}/step']:.3f} s, {result[f'{shape}/peak']:.2f} GiB")
    print(json.dumps(result))


if __name__ == "__main__":
    main()
