"""The Python side of `sft-guanaco`: TRL's SFTTrainer with its defaults on the conversations that the Java side wrote.

Those are: a batch of 8 padded to its longest row, in random order; the whole conversation learned, not the answers alone;
gradient checkpointing, unless --no-checkpointing. Only its precision, bfloat16, is set to float32, unless --bfloat16.
"""

import json
import tempfile
import time
from pathlib import Path

import outcome
import torch_training
from datasets import Dataset
from peft import LoraConfig
from tokenizers.pre_tokenizers import ByteLevel, Digits, Sequence
from transformers import AutoTokenizer, TrainerCallback
from trl import SFTConfig, SFTTrainer


class Clock(TrainerCallback):
    def __init__(self):
        self.seconds = []

    def on_step_begin(self, *_, **__):
        self.began = time.perf_counter()

    def on_step_end(self, *_, **__):
        self.seconds.append(time.perf_counter() - self.began)


def main():
    options = torch_training.parser()
    options.add_argument("--model", required=True)
    options.add_argument("--conversations", type=Path, required=True, help="lines, each a JSON list of messages")
    options.add_argument("--length", type=int, default=256)
    options.add_argument("--no-checkpointing", action="store_true")
    args = torch_training.parse(options)

    path = Path(args.model)
    lines = args.conversations.read_text(encoding="utf-8").splitlines()
    tokenizer = AutoTokenizer.from_pretrained(path.parent, gguf_file=path.name)
    # transformers does not read from the file that SmolLM2 cuts digits off first.
    digits = Digits(individual_digits=True)
    tokenizer.backend_tokenizer.pre_tokenizer = Sequence([digits, ByteLevel(add_prefix_space=False)])
    with tempfile.TemporaryDirectory() as folder:
        clock = Clock()
        trainer = SFTTrainer(
            model=torch_training.load_numbers(args.model),
            args=SFTConfig(
                output_dir=folder, max_length=args.length, num_train_epochs=1, max_steps=args.steps or -1,
                learning_rate=2e-4, seed=args.seed, bf16=args.bfloat16, use_cpu=True, save_strategy="no",
                report_to="none", disable_tqdm=True, logging_steps=1,
                **({"gradient_checkpointing": False} if args.no_checkpointing else {})),
            train_dataset=Dataset.from_list([{"messages": json.loads(line)} for line in lines]),
            processing_class=tokenizer,
            peft_config=LoraConfig(task_type="CAUSAL_LM", r=8, lora_alpha=16, lora_dropout=0.0,
                                   target_modules=["q_proj", "v_proj"]),
            callbacks=[clock])
        began = time.perf_counter()
        trainer.train()
        total = time.perf_counter() - began
    losses = [entry["loss"] for entry in trainer.state.log_history if "loss" in entry]
    whole = {} if args.steps else {"tokens": sum(len(row["input_ids"]) for row in trainer.train_dataset)}
    outcome.report(("TRL", "PEFT", "transformers", "torch"), clock.seconds, losses, total,
                   sum(parameter.numel() for parameter in torch_training.trainable(trainer.model)), **whole)


if __name__ == "__main__":
    main()
