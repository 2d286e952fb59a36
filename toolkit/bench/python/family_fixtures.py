"""Writes tiny checkpoints of the decoder families for the toolkit's tests, with what transformers and PEFT make of them.

    python family_fixtures.py ../../src/test/resources/dev/lorikeet/model [NAME…]

For each fixture below it writes NAME/config.json and model.safetensors as transformers saves them (bfloat16 weights, to
be computed with in float32), tokenizer.json, and expected.json: a prompt, which is longer than the window and than the
context that rotary scaling starts from, its ids, the logits at every position, the ids that greedy search adds, and the
loss and the gradient norm of one LoRA step whose A and B come from architectures.formula. A fixture whose special
feature does not change the logits is an error.
"""

import argparse
import json
import sys
import warnings
from dataclasses import dataclass
from pathlib import Path

import torch
import transformers
from architectures import formula
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM, PretrainedConfig

WORDS = ["th", "the", "Ġthe", "an", "Ġan", "and", "Ġand", "in", "ing", "er", "ou", "re"]
MERGES = ["t h", "th e", "Ġ the", "a n", "Ġ an", "an d", "Ġan d", "i n", "in g", "e r", "o u", "r e"]
SPECIAL = ["<|pad|>", "<|begin|>", "<|end|>"]
TOKENS = [*"abcdefghijklmnopqrstuvwxyz", *"TACB0123456789", "Ġ", "Ċ", ".", ",", "!", "?", "'", "-", ":", *WORDS, *SPECIAL]
VOCABULARY = len(TOKENS)
PAD, BEGIN, END = range(VOCABULARY - 3, VOCABULARY)
PROMPT = "The rain in the hills and the wind over 12 ponds, then another morning"
NEW_TOKENS = 16
MARGIN = 1e-2  # of the likeliest id before the next one
DIFFERENT = 5  # ids at least among those that are written
SEEDS = range(1, 200)
TABLE, MATRIX, VECTOR = 0.12, 0.3, 0.2  # standard deviations; with a larger table, tied heads would repeat the last token
EFFECT = 0.1  # of what is special, on some logit
BATCH = [[(5 * i * i + i + 9 * row) % (VOCABULARY - 3) for i in range(24)] for row in range(2)]
RANK, ALPHA = 2, 4

SHARED = {"vocab_size": VOCABULARY, "hidden_size": 32, "intermediate_size": 40, "num_hidden_layers": 2,
          "num_attention_heads": 4, "num_key_value_heads": 2, "max_position_embeddings": 128, "pad_token_id": PAD,
          "bos_token_id": BEGIN, "eos_token_id": END}


def rope(theta: float, kind: str = "default", **more) -> dict:
    return {"rope_type": kind, "rope_theta": theta, **more}


@dataclass(frozen=True)
class Fixture:
    """A model type with settings, and for each special feature the settings of a model that lacks it."""

    name: str
    model_type: str
    settings: dict
    without: tuple[dict, ...]


LONGROPE = rope(100.0, "longrope", short_factor=[1.0, 1.1, 1.3], long_factor=[1.5, 2.5, 4.0], partial_rotary_factor=0.75)

FIXTURES = [
    Fixture("tiny-qwen3", "qwen3", {"head_dim": 12, "rope_parameters": rope(300.0), "tie_word_embeddings": True},
            ({"rope_parameters": rope(1e6)},)),
    Fixture("tiny-qwen3-window", "qwen3",
            {"head_dim": 8, "attention_bias": True, "use_sliding_window": True, "sliding_window": 8, "max_window_layers": 1,
             "rope_parameters": rope(300.0, "yarn", factor=4.0, original_max_position_embeddings=16)},
            ({"use_sliding_window": False}, {"max_window_layers": 0}, {"rope_parameters": rope(300.0)})),
    Fixture("tiny-gemma2", "gemma2",
            {"head_dim": 12, "sliding_window": 8, "query_pre_attn_scalar": 20, "attn_logit_softcapping": 3.0,
             "final_logit_softcapping": 4.0, "rope_parameters": rope(300.0)},
            ({"sliding_window": 64}, {"query_pre_attn_scalar": 12}, {"attn_logit_softcapping": None},
             {"final_logit_softcapping": None}, {"layer_types": ["full_attention", "sliding_attention"]})),
    Fixture("tiny-gemma3", "gemma3_text",
            {"head_dim": 12, "num_hidden_layers": 3, "num_key_value_heads": 1, "sliding_window": 8, "intermediate_size": 32,
             "query_pre_attn_scalar": 12, "layer_types": ["sliding_attention", "full_attention", "sliding_attention"],
             "rope_parameters": {"full_attention": rope(1000.0, "linear", factor=4.0), "sliding_attention": rope(50.0)}},
            ({"sliding_window": 64}, {"query_pre_attn_scalar": 20}, {"layer_types": None},
             {"rope_parameters": {"full_attention": rope(1000.0), "sliding_attention": rope(50.0)}},
             {"rope_parameters": {"full_attention": rope(50.0, "linear", factor=4.0), "sliding_attention": rope(50.0)}})),
    Fixture("tiny-phi3", "phi3",
            {"sliding_window": 8, "partial_rotary_factor": 0.75, "rope_parameters": rope(300.0, partial_rotary_factor=0.75)},
            ({"sliding_window": None}, {"partial_rotary_factor": 1.0, "rope_parameters": rope(300.0)})),
    Fixture("tiny-phi3-longrope", "phi3",
            {"original_max_position_embeddings": 32, "tie_word_embeddings": True, "rope_parameters": LONGROPE},
            ({"rope_parameters": rope(100.0, partial_rotary_factor=0.75)}, {"original_max_position_embeddings": 96},
             {"max_position_embeddings": 64})),
    Fixture("tiny-smollm3", "smollm3",
            {"num_hidden_layers": 4, "rope_parameters": rope(300.0), "intermediate_size": 24},
            ({"no_rope_layers": [1, 1, 1, 1]}, {"no_rope_layers": [0, 1, 1, 1]})),
    Fixture("tiny-olmo2", "olmo2", {"rope_parameters": rope(300.0)}, ()),
    Fixture("tiny-granite", "granite",
            {"embedding_multiplier": 3.0, "attention_multiplier": 0.2, "residual_multiplier": 0.6, "logits_scaling": 2.0,
             "rope_parameters": rope(300.0), "tie_word_embeddings": True},
            ({"embedding_multiplier": 1.0}, {"attention_multiplier": 8**-0.5}, {"residual_multiplier": 1.0},
             {"logits_scaling": 1.0})),
    Fixture("tiny-llama-yarn", "llama",
            {"rope_parameters": rope(300.0, "yarn", factor=4.0, original_max_position_embeddings=16, beta_fast=8.0,
                                     beta_slow=2.0, attention_factor=1.3)},
            ({"rope_parameters": rope(300.0)},
             {"rope_parameters": rope(300.0, "yarn", factor=4.0, original_max_position_embeddings=16)})),
    Fixture("tiny-llama-dynamic", "llama",
            {"max_position_embeddings": 16, "rope_parameters": rope(300.0, "dynamic", factor=4.0)},
            ({"rope_parameters": rope(300.0)}, {"max_position_embeddings": 32})),
]


def config_of(fixture: Fixture, changes: dict) -> PretrainedConfig:
    return transformers.AutoConfig.for_model(fixture.model_type, **SHARED | fixture.settings | changes)


@torch.no_grad()
def build(config: PretrainedConfig, seed: int):
    """A model with weights that bfloat16 holds."""
    torch.manual_seed(seed)
    model = AutoModelForCausalLM.from_config(config, dtype=torch.float32).eval()
    for name, parameter in model.named_parameters():
        vector = parameter.dim() == 1
        mean, spread = (parameter.mean().item(), VECTOR) if vector else (0.0, TABLE if "embed" in name else MATRIX)
        parameter.copy_(torch.normal(mean, spread, parameter.shape).to(torch.bfloat16))
    return model


@torch.no_grad()
def logits(model, ids: list[int]) -> torch.Tensor:
    return model(torch.tensor([ids])).logits[0]


def greedy(model, ids: list[int]) -> list[int]:
    """Each id by a pass over the whole text, no cache; none if two are about equally likely, or the text ends early or repeats."""
    written: list[int] = []
    for _ in range(NEW_TOKENS):
        best = torch.topk(logits(model, ids + written)[-1], 2)
        if best.values[0] - best.values[1] < MARGIN or best.indices[0] == END:
            return []
        written.append(best.indices[0].item())
    return written if len(set(written)) >= DIFFERENT else []


def lora_step(config: PretrainedConfig, seed: int) -> dict:
    """Loss and gradient norm with an adapter on every linear layer, itself by the formula."""
    model = get_peft_model(build(config, seed), LoraConfig(r=RANK, lora_alpha=ALPHA, target_modules="all-linear"))
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "lora_" in name:
                parameter.copy_(torch.from_numpy(formula(name, tuple(parameter.shape))))
    ids = torch.tensor(BATCH)
    loss = model(ids, labels=ids).loss
    loss.backward()
    norm = torch.sqrt(sum(p.grad.square().sum() for p in model.parameters() if p.requires_grad))
    return {"batch": BATCH, "rank": RANK, "alpha": ALPHA, "loss": loss.item(), "gradient_norm": norm.item()}


def tokenizer() -> dict:
    level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
    added = [{"id": TOKENS.index(token), "content": token, "single_word": False, "lstrip": False, "rstrip": False,
              "normalized": False, "special": True} for token in SPECIAL]
    model = {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None, "end_of_word_suffix": None,
             "fuse_unk": False, "byte_fallback": False, "ignore_merges": False,
             "vocab": {token: number for number, token in enumerate(TOKENS[:PAD])},
             "merges": [merge.split() for merge in MERGES]}
    return {"version": "1.0", "truncation": None, "padding": None, "added_tokens": added, "normalizer": None,
            "pre_tokenizer": level, "post_processor": None, "decoder": level | {"add_prefix_space": True}, "model": model}


def cut(path: Path) -> list[int]:
    return transformers.PreTrainedTokenizerFast(tokenizer_file=str(path)).encode(PROMPT, add_special_tokens=False)


def write(fixture: Fixture, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    (out / "tokenizer.json").write_text(json.dumps(tokenizer(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    ids = cut(out / "tokenizer.json")
    config = config_of(fixture, {})
    seed = next((seed for seed in SEEDS if greedy(build(config, seed), ids)), None)
    if seed is None:
        raise SystemExit(f"{fixture.name}: no seed writes ids that are far from the next ones")
    rows = logits(build(config, seed), ids)
    apart = [(rows - logits(build(config_of(fixture, less), seed), ids)).abs().max().item() for less in fixture.without]
    print(f"{fixture.name}: seed {seed}, {len(ids)} ids, logits up to {rows.abs().max():.1f}, without what is special "
          f"{', '.join(f'{difference:.2f}' for difference in apart)} apart", file=sys.stderr)
    for less, difference in zip(fixture.without, apart):
        if difference < EFFECT:
            raise SystemExit(f"{fixture.name} does not show what is special about it: it could have {less}")
    expected = {
        "made by": f"transformers {transformers.__version__}, torch {torch.__version__}, float32",
        "prompt": PROMPT,
        "ids": ids,
        "logits": [[round(value, 6) for value in row] for row in rows.tolist()],
        "greedy_ids": greedy(build(config, seed), ids),
        "lora": lora_step(config, seed),
    }
    build(config, seed).to(torch.bfloat16).save_pretrained(out)
    (out / "generation_config.json").unlink(missing_ok=True)
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
