"""The Python side of the encoder cases that train: PEFT on a BERT with the head, matrices and batches that our side started with.

Dropout is off, the model's own too, as on the Java side, whose models have none.
"""

import json
from pathlib import Path

import agreement
import torch
import torch_training
from peft import LoraConfig, get_peft_model, load_peft_weights, set_peft_model_state_dict
from transformers import AutoModelForSequenceClassification

RANK = 16
HEAD_BIAS = "base_model.model.classifier.bias"
FIRST, MOST = 20, 1e-3  # losses of so many steps may be so far apart; later ones show what rounding has become


def adapted(model, adapter):
    """A classifier on the model, with new adapter and head as our side wrote them before it trained."""
    weights = load_peft_weights(adapter, device="cpu")
    classifier = AutoModelForSequenceClassification.from_pretrained(
        model, num_labels=len(weights[HEAD_BIAS]), dtype=torch.float32, hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0)
    classifier = get_peft_model(classifier, LoraConfig(
        task_type="SEQ_CLS", r=RANK, lora_alpha=RANK, lora_dropout=0.0, target_modules="all-linear"))
    loaded = set_peft_model_state_dict(classifier, weights)
    trained = {name for name, parameter in classifier.named_parameters() if parameter.requires_grad}
    wrong = [*loaded.unexpected_keys, *trained.intersection(loaded.missing_keys)]
    if wrong:
        raise SystemExit(f"Lorikeet's adapter is of other layers than PEFT's: {', '.join(wrong)}")
    return classifier


def read(file):
    return json.loads(Path(file).read_text(encoding="utf-8"))


def main():
    options = torch_training.parser()
    options.add_argument("--model", required=True)
    options.add_argument("--adapter", required=True)
    options.add_argument("--test", required=True, help="the batches of the test part")
    options.add_argument("--losses", required=True, help="our side's loss of each step")
    options.add_argument("--lr", type=float, default=5e-4)
    options.add_argument("--decay", type=float, default=0.01)
    options.add_argument("--no-evaluation", action="store_true")
    args = torch_training.parse(options)
    model = adapted(args.model, args.adapter)
    pad = model.config.pad_token_id
    optimizer = torch.optim.AdamW(torch_training.trainable(model), lr=args.lr, weight_decay=args.decay)

    def logits(batch):
        ids, mask = torch_training.padded(batch["ids"], pad)
        return model(input_ids=ids, attention_mask=mask).logits

    def loss(batch):
        return torch.nn.functional.cross_entropy(logits(batch), torch.tensor(batch["labels"]))

    @torch.no_grad()
    def accuracy(batches):
        model.eval()
        right = sum((logits(batch).argmax(-1) == torch.tensor(batch["labels"])).sum().item() for batch in batches)
        return right / sum(len(batch["labels"]) for batch in batches)

    def finish(losses):
        found = agreement.differences(args.losses, losses)
        first, all_steps = found[:FIRST].max().item(), found.max().item()
        print(f"losses differ from Lorikeet's by at most {first:.1g} in the first {FIRST} steps and {all_steps:.1g} in all")
        agreement.check(f"losses of the first {FIRST} steps", first, MOST)
        more = {} if args.no_evaluation else {"test_accuracy": accuracy(read(args.test))}
        return {"step_losses": losses, "largest_difference": all_steps, **more}

    torch_training.train(args, model, read(args.batches)[:args.steps or None], loss, optimizer,
                         ("PEFT", "transformers", "torch"), finish=finish)


if __name__ == "__main__":
    main()
