"""The peer of the scaling case: PEFT on GPT-2 small with random weights, a few steps on each batch of the Java side.

The batches have different shapes, the smallest first. Prints one JSON object as its last line, with the median time of a
step and the peak memory for each shape.
"""

import argparse
import json
import resource
import statistics
import sys
import time
from pathlib import Path

import peft
import torch
import transformers
from peft import LoraConfig, get_peft_model
from transformers import GPT2Config, GPT2LMHeadModel


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
    args = argparse.ArgumentParser()
    args.add_argument("--batches", required=True)
    args.add_argument("--steps", type=int, default=4, help="for each shape; the first half warms up")
    args.add_argument("--threads", type=int, default=2)
    args = args.parse_args()

    torch.set_num_threads(args.threads)
    torch.manual_seed(1)
    model = GPT2LMHeadModel(GPT2Config(resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0))
    model = get_peft_model(model, LoraConfig(
        task_type="CAUSAL_LM", r=4, lora_alpha=32, lora_dropout=0.0, target_modules=["c_attn"], fan_in_fan_out=True))
    trainable = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trainable, lr=5e-5, weight_decay=0.01, eps=1e-6)
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
        "stack": f"PEFT {peft.__version__}, transformers {transformers.__version__}, torch {torch.__version__}",
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
