"""Writes what PEFT makes of the tiny checkpoints as taggers of tokens and as regressors, for the toolkit's tests.

    python encoder_task_fixtures.py ../../src/test/resources/dev/lorikeet/model [NAME…]

It reads the checkpoints that lie there already, see encoder_fixtures.py, and writes for each NAME/tagger, as PEFT saves
the adapter of a token classifier, with random matrices and a random head, and tagger.json: texts, their ids, a target
for each token, the logits of each token, and the losses and gradient norms of steps of AdamW that train it further; for
encoders also NAME/regressor and regressor.json, with one number for each text, and pairs.json: two texts in a row, whole
and cut, their token types, and what the classifier with the adapter of encoder_fixtures.py makes of them. An adapter that PEFT does not load again
as it was is an error.
"""

import argparse
import json
import shutil
import warnings
from dataclasses import dataclass
from pathlib import Path

import torch
import transformers
from encoder_fixtures import ALPHA, CLIP, FIXTURES, MATRIX, RANK, RATE, SEED, STEPS, TEXTS, rounded
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoModelForSequenceClassification, AutoModelForTokenClassification

NAMES = ["tiny-bert", "tiny-roberta", "tiny-distilbert", "tiny-modernbert"]
LABELS = ["O", "B-place", "I-place", "B-thing", "I-thing"]
NUMBERS = [0.5, -1.25, 2.0, 0.0]
IGNORED = -100
PLAIN = ["the rain in the hill.", "an inn", "wind.", "and then the other one"]  # in the letters of the two decoders
SECONDS = ["an inn", "the wind and the rain over there", "wind and then another, the other one!", "hills?"]
SHORT = 12  # tokens of a pair that is cut
SAME = 1e-6  # of logits of an adapter that was loaded again


@dataclass(frozen=True)
class Task:
    """An adapter of a checkpoint, with the settings of the model that it belongs to."""

    checkpoint: str
    name: str
    texts: list[str]
    targets: list[str]
    saved: list[str] | None
    fan_in_fan_out: bool = False

    def base(self, folder: Path):
        if self.name == "tagger":
            return AutoModelForTokenClassification.from_pretrained(
                folder, dtype=torch.float32, id2label=dict(enumerate(LABELS)))
        return AutoModelForSequenceClassification.from_pretrained(
            folder, dtype=torch.float32, num_labels=1, problem_type="regression")

    def lora(self) -> LoraConfig:
        return LoraConfig(task_type="TOKEN_CLS" if self.name == "tagger" else "SEQ_CLS", r=RANK, lora_alpha=ALPHA,
                          target_modules=self.targets, modules_to_save=self.saved and [*self.saved],
                          fan_in_fan_out=self.fan_in_fan_out)


ENCODERS = [fixture for fixture in FIXTURES if fixture.name in NAMES]
# A token classifier has no pooler and no pre_classifier; ModernBERT's has the head of its classifier of texts.
TASKS = [
    *(Task(one.name, "tagger", TEXTS, one.targets, ["head"] if one.model_type == "modernbert" else None)
      for one in ENCODERS),
    *(Task(one.name, "regressor", TEXTS, one.targets, one.saved) for one in ENCODERS),
    Task("tiny-gpt2", "tagger", PLAIN, ["c_attn"], None, fan_in_fan_out=True),
    Task("tiny-llama", "tagger", PLAIN, ["q_proj", "v_proj"], None),
]


def adapted(task: Task, folder: Path):
    """The checkpoint with a PEFT adapter; head, matrices and what else is trained are random."""
    made = get_peft_model(task.base(folder), task.lora())
    generator = torch.Generator().manual_seed(SEED + 1)
    with torch.no_grad():
        for _, parameter in sorted(made.named_parameters()):
            if parameter.requires_grad:
                parameter.copy_(torch.randn(parameter.shape, generator=generator) * MATRIX)
    return made.eval()


def save(task: Task, model, folder: Path) -> None:
    out = folder / task.name
    shutil.rmtree(out, ignore_errors=True)
    model.save_pretrained(out)
    (out / "README.md").unlink()
    (out / "adapter_model.safetensors").chmod(0o644)
    file = out / "adapter_config.json"
    settings = json.loads(file.read_text(encoding="utf-8"))
    settings |= {"base_model_name_or_path": task.checkpoint, "target_modules": sorted(settings["target_modules"])}
    file.write_text(json.dumps(settings, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def batch(rows: list[list[int]]) -> dict[str, torch.Tensor]:
    """Rows with padding after them."""
    width = max(map(len, rows))
    return {"input_ids": torch.tensor([row + [0] * (width - len(row)) for row in rows]),
            "attention_mask": torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in rows])}


def tags(special: list[list[int]]) -> list[list[int]]:
    """A class for each token, in turn, but for special tokens and every third."""
    found = [[IGNORED if mask or (i + row) % 3 == 0 else (i + 2 * row) % len(LABELS) for i, mask in enumerate(masks)]
             for row, masks in enumerate(special)]
    used = [set(row) - {IGNORED} for row in found]
    if not all(used) or len(set.union(*used)) < len(LABELS):
        raise SystemExit(f"a text has no target, or a class is not used: {found}")
    return found


def steps(model, inputs: dict[str, torch.Tensor], labels: torch.Tensor) -> dict[str, list[float]]:
    """Losses and gradient norms of steps on the whole batch."""
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=RATE, weight_decay=0.0)
    losses, norms = [], []
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = model(**inputs, labels=labels).loss
        loss.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(trained, CLIP).item())
        optimizer.step()
        losses.append(loss.item())
    return {"losses": losses, "norms": norms}


@torch.no_grad()
def logits(model, inputs: dict[str, torch.Tensor]) -> torch.Tensor:
    return model(**inputs).logits


def write(task: Task, folder: Path) -> None:
    cut = transformers.PreTrainedTokenizerFast(tokenizer_file=str(folder / "tokenizer.json"))
    encoded = [cut(text, return_special_tokens_mask=True) for text in task.texts]
    rows = [one["input_ids"] for one in encoded]
    inputs = batch(rows)
    tagger = task.name == "tagger"
    targets = tags([one["special_tokens_mask"] for one in encoded]) if tagger else NUMBERS
    width = inputs["input_ids"].shape[1]
    labels = torch.tensor([row + [IGNORED] * (width - len(row)) for row in targets] if tagger else targets)
    model = adapted(task, folder)
    save(task, model, folder)
    found = logits(model, inputs)
    again = PeftModel.from_pretrained(task.base(folder), folder / task.name).eval()
    apart = (logits(again, inputs) - found).abs().max().item()
    if apart > SAME:
        raise SystemExit(f"{folder / task.name} gives other logits when it is loaded again, {apart} apart")
    expected = {
        "made by": f"transformers {transformers.__version__}, torch {torch.__version__}, float32",
        "texts": task.texts, "ids": rows, **({"labels": LABELS} if tagger else {}), "targets": targets,
        "logits": [rounded(one[:len(row)]) for one, row in zip(found, rows)] if tagger else rounded(found),
        "rate": RATE, "clip": CLIP, "steps": steps(model, inputs, labels),
    }
    (folder / f"{task.name}.json").write_text(json.dumps(expected) + "\n", encoding="utf-8")


def write_pairs(folder: Path) -> None:
    tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_file=str(folder / "tokenizer.json"))
    model = AutoModelForSequenceClassification.from_pretrained(folder, dtype=torch.float32, num_labels=3)
    model = PeftModel.from_pretrained(model, folder / "adapter").eval()
    typed = getattr(model.config, "type_vocab_size", 0) > 1
    found = {"texts": TEXTS, "seconds": SECONDS, "short": SHORT, "rows": []}
    for text, second in zip(TEXTS, SECONDS):
        whole = tokenizer(text, second, return_token_type_ids=True)
        cut = tokenizer(text, second, return_token_type_ids=True, truncation="longest_first", max_length=SHORT)
        row = {"ids": whole["input_ids"], "types": whole["token_type_ids"], "cut": cut["input_ids"]}
        inputs = {"input_ids": torch.tensor([row["ids"]])}
        if typed:
            inputs["token_type_ids"] = torch.tensor([row["types"]])
        found["rows"].append(row | {"logits": rounded(logits(model, inputs))[0]})
    made = f"transformers {transformers.__version__}, torch {torch.__version__}, float32"
    (folder / "pairs.json").write_text(json.dumps({"made by": made} | found) + "\n", encoding="utf-8")


def main() -> None:
    args = argparse.ArgumentParser()
    args.add_argument("folder", type=Path)
    args.add_argument("names", nargs="*", help="these alone")
    options = args.parse_args()
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    warnings.simplefilter("ignore")
    for task in TASKS:
        if not options.names or task.checkpoint in options.names:
            write(task, options.folder / task.checkpoint)
    for name in NAMES:
        if not options.names or name in options.names:
            write_pairs(options.folder / name)


if __name__ == "__main__":
    main()
