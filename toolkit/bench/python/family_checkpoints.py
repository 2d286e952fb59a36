"""Makes the small seeded checkpoints of the families check, and what transformers and PEFT make of them.

A folder per setting: model/ as transformers saves it with a tokenizer and a chat template, the adapters default/ and
all-linear/ as PEFT saves them, and expected.pt. Weights are drawn until no id that greedy search takes is about as
likely as another, so that ids can be compared across implementations.
"""

import copy
import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import transformers
from family_settings import DEFAULT_TARGETS, Setting
from peft import LoraConfig, get_peft_model
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import AutoConfig, AutoModelForCausalLM, PreTrainedTokenizerFast

TOKENS = 20
MARGIN = 1e-3  # of the likeliest id before the next one: ten times what logits may differ by
DIFFERENT = 5  # ids at least among those that follow the prompt
SEEDS = range(1, 200)
# Standard deviations; with larger tables tied heads would repeat the last token, with larger biases OLMo 2 would.
TABLE, MATRIX, NORM, BIAS = 0.04, 0.15, 0.3, 0.05
RANK, ALPHA = 4, 8
ADAPTERS = ("default", "all-linear")

PROMPT = ("Rivers change their course when the snow melts, and the people who live beside them know it well: in the year "
          "1897 the mill at the bend was left standing in a meadow.")
TEXTS = ["A good loaf of bread needs time.", "Bees live in large colonies, and each of them has work to do; the youngest clean.",
         "Glass is made of sand"]
CONVERSATION = [{"role": "system", "content": "You answer in one word."},
                {"role": "user", "content": "What is glass made of?"},
                {"role": "assistant", "content": "Sand."},
                {"role": "user", "content": "And bread?\n"}]
TEMPLATE = ("{%- for message in messages %}{{ '<|start|>' + message['role'] + '\\n' + message['content'] | trim + '<|end|>\\n' }}"
            "{%- endfor %}{%- if add_generation_prompt %}{{ '<|start|>assistant\\n' }}{%- endif %}")
SPECIAL = ["<|pad|>", "<|start|>", "<|end|>"]
VOCABULARY = 320


def quiet() -> None:
    torch.set_num_threads(1)  # models as small as these gain nothing by more
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    warnings.simplefilter("ignore")


def tokenizer() -> PreTrainedTokenizerFast:
    """Byte-level BPE cut like GPT-2's."""
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=VOCABULARY, special_tokens=SPECIAL, show_progress=False,
                                  initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    made.train_from_iterator([PROMPT, *TEXTS], trainer)
    pad, start, end = SPECIAL
    return PreTrainedTokenizerFast(tokenizer_object=made, pad_token=pad, bos_token=start, eos_token=end, chat_template=TEMPLATE,
                                   padding_side="left")


def config_of(setting: Setting, cut: PreTrainedTokenizerFast) -> transformers.PretrainedConfig:
    ids = {"pad_token_id": cut.pad_token_id, "bos_token_id": cut.bos_token_id, "eos_token_id": cut.eos_token_id}
    settings = copy.deepcopy(setting.config)  # which transformers changes
    return AutoConfig.for_model(setting.model_type, **settings | ids | {"vocab_size": len(cut)})


def spread(name: str, parameter: torch.Tensor) -> float:
    if parameter.dim() == 1:
        return BIAS if name.endswith(".bias") else NORM
    return TABLE if "embed_tokens" in name or "wte" in name else MATRIX


@torch.no_grad()
def build(config: transformers.PretrainedConfig, seed: int):
    model = AutoModelForCausalLM.from_config(config, dtype=torch.float32).eval()
    generator = torch.Generator().manual_seed(seed)
    for name, parameter in model.named_parameters():
        mean = parameter.mean().item() if parameter.dim() == 1 else 0.0  # that of a normalisation is 0 or 1
        parameter.copy_(torch.randn(parameter.shape, generator=generator) * spread(name, parameter) + mean)
    return model


@contextmanager
def as_new(model) -> Iterator[None]:
    """Puts rotary positions back, some of which remember the longest text that they have seen."""
    owners = [(module, name, copy.deepcopy(child)) for module in model.modules()
              for name, child in module.named_children() if name == "rotary_emb"]
    yield
    for module, name, child in owners:
        setattr(module, name, child)


@torch.no_grad()
def logits(model, ids: list[int]) -> torch.Tensor:
    with as_new(model):
        return model(torch.tensor([ids])).logits[0]


def padded(rows: list[list[int]], pad: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Ids and mask of rows padded on the left."""
    width = max(map(len, rows))
    return (torch.tensor([[pad] * (width - len(row)) + row for row in rows]),
            torch.tensor([[0] * (width - len(row)) + [1] * len(row) for row in rows]))


@torch.no_grad()
def padded_logits(model, rows: list[list[int]], pad: int) -> list[torch.Tensor]:
    """Those of each row in a batch, without those at its padding."""
    ids, mask = padded(rows, pad)
    positions = (mask.cumsum(1) - 1).clamp(min=0)
    with as_new(model):
        batch = model(input_ids=ids, attention_mask=mask, position_ids=positions).logits
    return [batch[i, -len(row):] for i, row in enumerate(rows)]


@dataclass(frozen=True)
class Greedy:
    """The ids that follow each row, and how far another one was from being taken."""

    ids: list[list[int]]
    margin: float


@torch.no_grad()
def greedy(model, rows: list[list[int]], pad: int, cache: bool = True) -> Greedy:
    ids, mask = padded(rows, pad)
    with as_new(model):
        out = model.generate(input_ids=ids, attention_mask=mask, max_new_tokens=TOKENS, do_sample=False, use_cache=cache,
                             return_dict_in_generate=True, output_scores=True)
    best = torch.topk(torch.stack(out.scores), 2).values
    written = out.sequences[:, ids.shape[1]:].tolist()
    ended = any(model.config.eos_token_id in row for row in written)
    return Greedy(written, 0.0 if ended else (best[..., 0] - best[..., 1]).min().item())


def adapted(model, setting: Setting, adapter: str, seed: int):
    """The model with a PEFT adapter of random numbers in A and in B."""
    targets = "all-linear" if adapter == "all-linear" else DEFAULT_TARGETS.get(setting.family)
    made = get_peft_model(model, LoraConfig(task_type="CAUSAL_LM", r=RANK, lora_alpha=ALPHA, target_modules=targets))
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in made.named_parameters():
            if "lora_" in name:
                parameter.copy_(torch.randn(parameter.shape, generator=generator) * MATRIX)
    return made.eval()


def runs(model, adapters: dict[str, Any], prompt: list[int], rows: list[list[int]], pad: int) -> dict[str, Any]:
    """All that is written greedily, with a cache and without; nothing if an id is about as likely as the next one, or if what
    follows the prompt repeats itself."""
    written: dict[str, Any] = {}
    tasks = {"greedy": (model, [prompt]), "greedy_rows": (model, rows)}
    tasks |= {f"greedy_{name}": (adapter, [prompt]) for name, adapter in adapters.items()}
    for name, (writer, texts) in tasks.items():
        for suffix, cache in (("", True), ("_without_cache", False)):
            run = greedy(writer, texts, pad, cache)
            repeats = name == "greedy" and len({*run.ids[0]}) < DIFFERENT
            if repeats or run.margin < MARGIN:
                return {}
            written[name + suffix] = run.ids if name == "greedy_rows" else run.ids[0]
    return written


def make(setting: Setting, folder: Path, cut: PreTrainedTokenizerFast) -> dict[str, Any]:
    """Writes the setting's folder, and gives what the Java side is to do with it."""
    shutil.rmtree(folder, ignore_errors=True)
    config = config_of(setting, cut)
    prompt = cut.encode(PROMPT)
    rows = [cut.encode(text) for text in TEXTS]
    pad = cut.pad_token_id
    for seed in SEEDS:
        model = build(config, seed)
        written = runs(model, {name: adapted(copy.deepcopy(model), setting, name, seed) for name in ADAPTERS}, prompt, rows, pad)
        if written:
            break
    else:
        raise SystemExit(f"{setting.path}: none of {len(SEEDS)} seeds writes ids that are far from the next ones")
    expected = {"ids": prompt, "logits": logits(model, prompt), "padded": padded_logits(model, rows, pad)} | written
    model.save_pretrained(folder / "model")
    cut.save_pretrained(folder / "model")
    (folder / "model" / "generation_config.json").unlink(missing_ok=True)
    for adapter in ADAPTERS:
        adapted(copy.deepcopy(model), setting, adapter, seed).save_pretrained(folder / adapter)
    torch.save(expected, folder / "expected.pt")
    return {"name": setting.path, "prompt": PROMPT, "ids": prompt, "texts": TEXTS, "tokens": TOKENS,
            "adapters": ADAPTERS, "conversation": CONVERSATION}
