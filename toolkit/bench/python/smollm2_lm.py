"""The Python side of the smollm2 cases: PEFT fine-tunes a GGUF model, dequantised to float32, as a language model.

Trains on the batches that the Java side wrote, again and again until there were enough steps, and prints one
JSON object as its last line.
"""

import argparse
import itertools
import json
import resource
import statistics
import time
from pathlib import Path

import peft
import torch
import transformers
from gpt2_lm import WARM_UP
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--model", required=True)
    args.add_argument("--batches", required=True)
    args.add_argument("--steps", type=int, default=0, help="0: 8")
    args.add_argument("--seed", type=int, default=1)
    args.add_argument("--threads", type=int, default=2)
    args.add_argument("--checkpointing", action="store_true")
    args = args.parse_args()

    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    path = Path(args.model)
    model = AutoModelForCausalLM.from_pretrained(path.parent, gguf_file=path.name, dtype=torch.float32)
    if args.checkpointing:
        model.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
        model.config.use_cache = False
    model = get_peft_model(model, LoraConfig(
        task_type="CAUSAL_LM", r=8, lora_alpha=16, lora_dropout=0.0, target_modules=["q_proj", "v_proj"]))
    trainable = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trainable, lr=2e-4, weight_decay=0.01)

    batches = json.loads(Path(args.batches).read_text(encoding="utf-8"))
    seconds, losses = [], []
    model.train()
    started = time.perf_counter()
    for batch in itertools.islice(itertools.cycle(batches), args.steps or 8):
        began = time.perf_counter()
        ids = torch.tensor(batch["ids"])
        loss = model(input_ids=ids, labels=ids).loss
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trainable, 0.3)
        optimizer.step()
        losses.append(loss.item())
        seconds.append(time.perf_counter() - began)
    print(json.dumps({
        "stack": f"PEFT {peft.__version__}, transformers {transformers.__version__}, torch {torch.__version__}",
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
