"""Writes tiny checkpoints of the encoder families for the toolkit's tests, with what transformers and PEFT make of them.

    python encoder_fixtures.py ../../src/test/resources/dev/lorikeet/model [NAME…]

For each fixture below it writes NAME/config.json, model.safetensors and tokenizer.json as transformers saves a base model,
NAME/adapter as PEFT saves that of a classifier, with random matrices and a random head, and expected.json: texts, their
ids, the states at every position, the logits of the classifier with the adapter, and the losses and gradient norms of steps of AdamW
that train it further. A fixture whose special feature does not change the states is an error.
"""

import argparse
import json
import shutil
import sys
import warnings
from dataclasses import dataclass
from pathlib import Path

import torch
import transformers
from family_fixtures import MERGES, WORDS
from peft import LoraConfig, get_peft_model
from transformers import AutoModel, AutoModelForSequenceClassification, PretrainedConfig

TEXTS = ["The rain in the hills and the wind over ponds, then another morning", "an inn", "wind?",
         "and then the hills over there, the other one"]
LABELS = ["rain", "wind", "inn"]
TARGETS = [0, 2, 1, 1]
LETTERS = [*"abcdefghijklmnopqrstuvwxyz", *"TACB0123456789", ".", ",", "!", "?", "'", "-", ":"]
PIECES = ["##" + letter for letter in "abcdefghijklmnopqrstuvwxyz"] + ["##in", "##ing", "##er", "the", "and", "rain", "wind"]
RANK, ALPHA = 2, 4
RATE, STEPS, CLIP = 1e-2, 4, 1.0
EFFECT = 0.02  # of what is special, on some state
SEED = 1
TABLE, MATRIX, VECTOR = 0.5, 0.25, 0.2  # standard deviations

SHARED = {"vocab_size": 0, "hidden_size": 32, "intermediate_size": 40, "num_hidden_layers": 2, "num_attention_heads": 4,
          "max_position_embeddings": 64}


@dataclass(frozen=True)
class Fixture:
    """A model type with settings, its tokens with a role, and for each special feature the settings of a model that lacks it."""

    name: str
    model_type: str
    settings: dict
    special: list[str]
    pieces: bool
    targets: list[str]
    saved: list[str] | None
    without: tuple[dict, ...]


BERT = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
ROBERTA = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
MODERN = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
THREE_OF_FOUR = {"num_hidden_layers": 4, "local_attention": 6, "global_attn_every_n_layers": 3}

FIXTURES = [
    Fixture("tiny-bert", "bert", {"hidden_act": "gelu"}, BERT, True, ["query", "value", "dense"], None,
            ({"hidden_act": "relu"}, {"layer_norm_eps": 1e-1})),
    Fixture("tiny-roberta", "roberta", {"type_vocab_size": 1}, ROBERTA, False, ["query", "key", "value"], None, ()),
    Fixture("tiny-distilbert", "distilbert",
            {"dim": 32, "hidden_dim": 40, "n_layers": 2, "n_heads": 4}, BERT, True, ["q_lin", "v_lin", "lin1"],
            ["pre_classifier"], ({"activation": "relu"},)),
    Fixture("tiny-modernbert", "modernbert", THREE_OF_FOUR, MODERN, False, ["Wqkv", "Wo"], None,
            ({"local_attention": 60}, {"rope_parameters": {"full_attention": {"rope_type": "default", "rope_theta": 10.0}}})),
    Fixture("tiny-modernbert-mean", "modernbert", {"classifier_pooling": "mean", "norm_bias": True, "attention_bias": True},
            MODERN, False, ["Wqkv", "Wi", "dense"], None, ()),
]


def tokens(fixture: Fixture) -> list[str]:
    return fixture.special + LETTERS + (PIECES if fixture.pieces else ["Ġ", *WORDS])


def tokenizer(fixture: Fixture) -> dict:
    words = tokens(fixture)
    special = [{"id": number, "content": token, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False,
                "special": True} for number, token in enumerate(fixture.special)]
    vocabulary = {token: number for number, token in enumerate(words)}
    begin, end = (fixture.special[0], fixture.special[2]) if fixture.model_type == "roberta" else ("[CLS]", "[SEP]")
    made = {"version": "1.0", "truncation": None, "padding": None, "added_tokens": special, "normalizer": None}
    if fixture.pieces:
        model = {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100,
                 "vocab": vocabulary}
        made |= {"normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None,
                                "lowercase": True},
                 "pre_tokenizer": {"type": "BertPreTokenizer"}, "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True}}
    else:
        level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
        model = {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None, "end_of_word_suffix": None,
                 "fuse_unk": False, "byte_fallback": False, "ignore_merges": False, "vocab": vocabulary,
                 "merges": [merge.split() for merge in MERGES]}
        made |= {"pre_tokenizer": level, "decoder": level | {"add_prefix_space": True}}
    ids = {token: {"id": token, "ids": [vocabulary[token]], "tokens": [token]} for token in (begin, end)}
    single = [{"SpecialToken": {"id": begin, "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
              {"SpecialToken": {"id": end, "type_id": 0}}]
    pair = single + [{"Sequence": {"id": "B", "type_id": 1}}, {"SpecialToken": {"id": end, "type_id": 1}}]
    return made | {"post_processor": {"type": "TemplateProcessing", "single": single, "pair": pair, "special_tokens": ids},
                   "model": model}


def config_of(fixture: Fixture, changes: dict) -> PretrainedConfig:
    words = tokens(fixture)
    pad = next(number for number, token in enumerate(words) if "pad" in token.lower())
    own = {key: value for key, value in SHARED.items()
           if fixture.model_type != "distilbert" or key in ("vocab_size", "max_position_embeddings")}
    return transformers.AutoConfig.for_model(
        fixture.model_type, **own | fixture.settings | changes | {"vocab_size": len(words), "pad_token_id": pad})


@torch.no_grad()
def draw(model, seed: int):
    """Random weights in the order of the names; in bfloat16's precision, as they are saved."""
    generator = torch.Generator().manual_seed(seed)
    for name, parameter in sorted(model.named_parameters()):
        mean = 1.0 if parameter.dim() == 1 and name.endswith("weight") else 0.0
        spread = VECTOR if parameter.dim() == 1 else TABLE if "embeddings" in name else MATRIX
        values = torch.randn(parameter.shape, generator=generator) * spread + mean
        parameter.copy_(values.to(torch.bfloat16).float())
    return model.eval()


def batch(path: Path, pad: int) -> tuple[list[list[int]], dict[str, torch.Tensor]]:
    cut = transformers.PreTrainedTokenizerFast(tokenizer_file=str(path))
    rows = [cut.encode(text) for text in TEXTS]
    width = max(map(len, rows))
    return rows, {"input_ids": torch.tensor([row + [pad] * (width - len(row)) for row in rows]),
                  "attention_mask": torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in rows])}


@torch.no_grad()
def states(model, inputs: dict[str, torch.Tensor], rows: list[list[int]]) -> list[torch.Tensor]:
    last = model(**inputs).last_hidden_state
    return [last[i, :len(row)] for i, row in enumerate(rows)]


def rounded(tensor: torch.Tensor) -> list:
    return [[round(value, 6) for value in row] for row in tensor.tolist()]


def classifier(fixture: Fixture, base: Path):
    """The base as a classifier, with a PEFT adapter; head, matrices and what else is new are random."""
    model = AutoModelForSequenceClassification.from_pretrained(
        base, dtype=torch.float32, num_labels=len(LABELS), id2label=dict(enumerate(LABELS)), **no_dropout(fixture))
    made = get_peft_model(model, LoraConfig(task_type="SEQ_CLS", r=RANK, lora_alpha=ALPHA, target_modules=fixture.targets,
                                            modules_to_save=fixture.saved))
    generator = torch.Generator().manual_seed(SEED + 1)
    with torch.no_grad():
        for name, parameter in sorted(made.named_parameters()):
            if parameter.requires_grad:
                parameter.copy_(torch.randn(parameter.shape, generator=generator) * MATRIX)
    return made


def no_dropout(fixture: Fixture) -> dict:
    keys = {"distilbert": ("dropout", "attention_dropout", "seq_classif_dropout"),
            "modernbert": ("attention_dropout", "mlp_dropout", "embedding_dropout", "classifier_dropout")}
    return {key: 0.0 for key in keys.get(fixture.model_type, ("hidden_dropout_prob", "attention_probs_dropout_prob"))}


def steps(model, inputs: dict[str, torch.Tensor]) -> dict[str, list[float]]:
    """Losses and gradient norms of steps on the whole batch."""
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=RATE, weight_decay=0.0)
    losses, norms = [], []
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = model(**inputs, labels=torch.tensor(TARGETS)).loss
        loss.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(trained, CLIP).item())
        optimizer.step()
        losses.append(loss.item())
    return {"losses": losses, "norms": norms}


def pairs(model, inputs: dict[str, torch.Tensor]) -> dict[str, float]:
    """The loss of the first two texts with the last two as their partners, as MultipleNegativesRankingLoss has it, and the norm of
    its gradient for all weights."""
    model.eval()
    states = model(**inputs).last_hidden_state
    keep = inputs["attention_mask"].unsqueeze(-1).float()
    vectors = torch.nn.functional.normalize((states * keep).sum(1) / keep.sum(1), dim=1)
    half = len(TEXTS) // 2
    loss = torch.nn.functional.cross_entropy(20 * vectors[:half] @ vectors[half:].T, torch.arange(half))
    loss.backward()
    norm = torch.nn.utils.get_total_norm([parameter.grad for parameter in model.parameters() if parameter.grad is not None])
    return {"loss": loss.item(), "norm": norm.item()}


def write(fixture: Fixture, out: Path) -> None:
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    (out / "tokenizer.json").write_text(json.dumps(tokenizer(fixture), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    config = config_of(fixture, {})
    rows, inputs = batch(out / "tokenizer.json", config.pad_token_id)
    base = AutoModelForSequenceClassification if fixture.model_type == "modernbert" else AutoModel
    model = draw(base.from_config(config), SEED)
    # ModernBERT's pooler lies outside its base class.
    inner = model.model if fixture.model_type == "modernbert" else model
    found = states(inner, inputs, rows)
    for less in fixture.without:
        other = draw(base.from_config(config_of(fixture, less)), SEED)
        other = states(other.model if fixture.model_type == "modernbert" else other, inputs, rows)
        apart = max((one - two).abs().max().item() for one, two in zip(found, other))
        print(f"{fixture.name}: without {less} {apart:.3f} apart", file=sys.stderr)
        if apart < EFFECT:
            raise SystemExit(f"{fixture.name} does not show what is special about it: it could have {less}")
    paired = pairs(inner, inputs)
    model.to(torch.bfloat16).save_pretrained(out, state_dict={
        name: tensor for name, tensor in model.state_dict().items() if not name.startswith("classifier.")})
    settings = json.loads((out / "config.json").read_text(encoding="utf-8"))
    settings["architectures"] = [type(inner).__name__]
    (out / "config.json").write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")
    adapted = classifier(fixture, out)
    adapted.save_pretrained(out / "adapter")
    (out / "adapter" / "README.md").unlink()
    adapter = out / "adapter" / "adapter_config.json"
    adapter.write_text(adapter.read_text(encoding="utf-8").replace(json.dumps(str(out)), json.dumps(fixture.name)) + "\n",
                       encoding="utf-8")
    adapted.eval()
    with torch.no_grad():
        logits = adapted(**inputs).logits
    expected = {
        "made by": f"transformers {transformers.__version__}, torch {torch.__version__}, float32",
        "texts": TEXTS, "ids": rows, "states": [rounded(one) for one in found], "labels": LABELS, "targets": TARGETS,
        "logits": rounded(logits), "rate": RATE, "clip": CLIP, "steps": steps(adapted, inputs), "pairs": paired,
    }
    for file in out.rglob("*.safetensors"):
        file.chmod(0o644)
    (out / "expected.json").write_text(json.dumps(expected) + "\n", encoding="utf-8")


def main() -> None:
    args = argparse.ArgumentParser()
    args.add_argument("folder", type=Path)
    args.add_argument("names", nargs="*", help="these alone")
    options = args.parse_args()
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    warnings.simplefilter("ignore")
    for fixture in FIXTURES:
        if not options.names or fixture.name in options.names:
            write(fixture, options.folder / fixture.name)


if __name__ == "__main__":
    main()
