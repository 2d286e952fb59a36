"""The Python side of the gpt2-classifier cases: PEFT on GPT-2 small with random weights and a head of two classes.

Dropout is off, as on the Java side, whose models have none.
"""

import torch
import torch_training
from peft import LoraConfig, get_peft_model
from transformers import GPT2Config, GPT2ForSequenceClassification

STEPS = 12
PAD = 50256


def main():
    args = torch_training.parse(torch_training.parser())
    model = GPT2ForSequenceClassification(GPT2Config(
        resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0, num_labels=2, pad_token_id=PAD))
    model = get_peft_model(model, LoraConfig(
        r=16, lora_alpha=16, lora_dropout=0.0, target_modules=["c_attn", "c_proj", "c_fc", "score"]))
    optimizer = torch.optim.AdamW(torch_training.trainable(model), lr=2e-4, weight_decay=0.1)

    def loss(batch):
        ids, mask = torch_training.padded(batch["ids"], PAD)
        logits = model(input_ids=ids, attention_mask=mask).logits
        return torch.nn.functional.cross_entropy(logits, torch.tensor(batch["labels"]))

    torch_training.train(args, model, torch_training.repeated(args, STEPS), loss, optimizer,
                         ("PEFT", "transformers", "torch"))


if __name__ == "__main__":
    main()
