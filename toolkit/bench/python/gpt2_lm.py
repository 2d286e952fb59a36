"""The PyTorch side of the gpt2-lm cases: GPT-2 small with random weights as a language model, by PEFT or in full.

Dropout is off, as on the Java side, whose models have none.
"""

import torch
import torch_training
from peft import LoraConfig, get_peft_model
from transformers import GPT2Config, GPT2LMHeadModel

STEPS = 12
PAD = 50256


def lora():
    # PEFT knows GPT-2's query, key and value as one module; its matrices have as many numbers as ours on
    # query and value.
    return LoraConfig(task_type="CAUSAL_LM", r=4, lora_alpha=32, lora_dropout=0.0, target_modules=["c_attn"],
                      fan_in_fan_out=True)


def adamw(parameters):
    return torch.optim.AdamW(
        [{"params": [p for p in parameters if p.dim() > 1], "weight_decay": 0.01},
         {"params": [p for p in parameters if p.dim() == 1], "weight_decay": 0.0}],
        lr=5e-5, eps=1e-6)


def gpt2():
    return GPT2LMHeadModel(GPT2Config(resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0))


def main():
    options = torch_training.parser()
    options.add_argument("--full", action="store_true", help="train all weights, without PEFT")
    args = torch_training.parse(options)

    model = gpt2()
    if args.checkpointing:
        torch_training.checkpoint(model)
    if not args.full:
        model = get_peft_model(model, lora())
    optimizer = adamw(torch_training.trainable(model))
    packages = ("transformers", "torch") if args.full else ("PEFT", "transformers", "torch")
    torch_training.train(args, model, torch_training.repeated(args, STEPS), torch_training.causal_loss(model, PAD),
                         optimizer, packages, clip=1)


if __name__ == "__main__":
    main()
