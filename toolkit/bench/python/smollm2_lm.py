"""The Python side of the smollm2 cases: PEFT on a GGUF model as a language model, its weights in float32 or by
bitsandbytes in NF4."""

from pathlib import Path

import torch
import torch_training
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM, BitsAndBytesConfig

STEPS = 8
PAD = 2  # <|im_end|>


def in_nf4(model, folder):
    """transformers quantises what it loads, but no GGUF file: the numbers go through a folder, which a later process finds."""
    if not folder.exists():
        part = folder.with_name(folder.name + ".part")
        torch_training.load_numbers(model).save_pretrained(part)
        part.rename(folder)
    form = BitsAndBytesConfig(load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_compute_dtype=torch.float32)
    return AutoModelForCausalLM.from_pretrained(folder, quantization_config=form, dtype=torch.float32,
                                                device_map={"": "cpu"})


def main():
    options = torch_training.parser()
    options.add_argument("--model", required=True)
    options.add_argument("--nf4", type=Path, help="quantise; the folder where the model as numbers may stand")
    args = torch_training.parse(options)

    model = in_nf4(args.model, args.nf4) if args.nf4 else torch_training.load_gguf(args.model)
    if args.checkpointing:
        torch_training.checkpoint(model)
    model = get_peft_model(model, LoraConfig(
        task_type="CAUSAL_LM", r=8, lora_alpha=16, lora_dropout=0.0, target_modules=["q_proj", "v_proj"]))
    optimizer = torch.optim.AdamW(torch_training.trainable(model), lr=2e-4, weight_decay=0.01)
    packages = ("PEFT", *(["bitsandbytes"] if args.nf4 else []), "transformers", "torch")
    torch_training.train(args, model, torch_training.repeated(args, STEPS), torch_training.causal_loss(model, PAD),
                         optimizer, packages, clip=0.3)


if __name__ == "__main__":
    main()
