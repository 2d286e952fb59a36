"""The Python side of the peft-roundtrip check: adapters from PEFT to Lorikeet and back, with many settings.

`make FOLDER` writes small random bases and adapters that PEFT has trained on them, with what they make of
some ids. `compare FOLDER` loads into PEFT the adapters that Lorikeet has trained and saved, and compares
logits both ways; its last line is JSON with the differences that are too large.
"""

import argparse
import json
import shutil
import sys
import warnings
from pathlib import Path

import peft
import torch
import transformers
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoModelForCausalLM, GPT2Config, GPT2LMHeadModel, LlamaConfig, LlamaForCausalLM

TOLERANCE = 2e-3
EFFECT = 1e-2  # what an adapter has to change at least, or comparing it says nothing
STEPS = 8
IDS = [[5, 17, 3, 28, 11, 0, 30, 9, 22, 14, 7, 19], [1, 31, 8, 8, 26, 12, 4, 20, 15, 2, 29, 6]]
TOKENIZER = (Path(__file__).resolve().parents[2]
             / "src/test/resources/dev/lorikeet/model/tiny-gpt2/tokenizer.json")
VOCABULARY, CONTEXT = 33, 64


def bases():
    sizes = {"vocab_size": VOCABULARY, "initializer_range": 0.2, "bos_token_id": 32, "eos_token_id": 32}
    llama = sizes | {"hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 3, "num_attention_heads": 4,
                     "num_key_value_heads": 2, "max_position_embeddings": CONTEXT}
    return {
        "gpt2": lambda: GPT2LMHeadModel(GPT2Config(
            **sizes, n_embd=32, n_layer=3, n_head=4, n_positions=CONTEXT, resid_pdrop=0, embd_pdrop=0, attn_pdrop=0)),
        "llama": lambda: LlamaForCausalLM(LlamaConfig(**llama, tie_word_embeddings=False)),
        "llama-tied": lambda: LlamaForCausalLM(LlamaConfig(**llama, tie_word_embeddings=True)),
    }


def settings(base):
    """The cases; Lorikeet has the same ones under these names, and some of them in its own way."""
    gpt2 = base == "gpt2"
    fused = ["c_attn"] if gpt2 else ["q_proj", "v_proj"]
    up, down = ("c_fc", "mlp.c_proj") if gpt2 else ("up_proj", "down_proj")
    layers = "h" if gpt2 else "layers"
    table = "wte" if gpt2 else "embed_tokens"
    plain = {"r": 4, "lora_alpha": 8, "target_modules": fused}
    return {
        "plain": plain | {"lora_dropout": 0.1},
        "all-linear": plain | {"target_modules": "all-linear"},
        "regex": plain | {"target_modules": rf".*\.[02]\..*{up}"},
        "rslora": {"r": 9, "lora_alpha": 6, "target_modules": [up, down], "use_rslora": True},
        # PEFT sorts the patterns when it saves, and where two match the first counts: so no two of its own may.
        "patterns": plain | {"target_modules": [*fused, up, down],
                             "rank_pattern": {up: 2, rf"{layers}\.1\.(self_)?attn.*": 6},
                             "alpha_pattern": {rf"^.*\.2\..*{down}": 3, fused[0]: 5}},
        "rslora-patterns": plain | {"target_modules": [*fused, up], "rank_pattern": {up: 2}, "alpha_pattern": {up: 7},
                                    "use_rslora": True},
        "bias-all": plain | {"bias": "all"},
        "bias-lora-only": plain | {"bias": "lora_only", "target_modules": [*fused, up]},
        "save-head": plain | {"modules_to_save": ["lm_head"]},
        "save-table": plain | {"modules_to_save": [table]},
        "save-both": plain | {"modules_to_save": [table, "lm_head"]},
        "save-mlp": plain | {"modules_to_save": [f"{layers}.1.mlp"], "target_modules": "all-linear"},
        "save-norm-bias-all": plain | {"modules_to_save": ["ln_f" if gpt2 else "norm"], "bias": "all"},
        "layers": plain | {"target_modules": [*fused, up], "layers_to_transform": [0, 2], "layers_pattern": layers},
        "gaussian": plain | {"init_lora_weights": "gaussian"},
        "random-b": plain | {"init_lora_weights": False},
        "excluded": plain | {"target_modules": [up, down], "exclude_modules": [f"{layers}.0.mlp.{up}"]},
        "head": plain | {"target_modules": [*fused, "lm_head"]},
    }


def trained(model):
    torch.manual_seed(2)
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=1e-2)
    model.train()
    for _ in range(STEPS):
        ids = torch.randint(VOCABULARY, (4, 24))
        model(input_ids=ids, labels=ids).loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    return model


@torch.no_grad()
def logits(model):
    return model.eval()(input_ids=torch.tensor(IDS)).logits.tolist()


def make(folder):
    shutil.rmtree(folder, ignore_errors=True)
    expected = {}
    for name, new in bases().items():
        torch.manual_seed(1)
        base = new()
        for parameter in base.parameters():
            if parameter.dim() == 1:  # biases and normalisations are zeros and ones at first
                torch.nn.init.normal_(parameter, parameter.mean().item(), 0.2)
        path = folder / name / "base"
        base.save_pretrained(path)
        shutil.copy(TOKENIZER, path)
        cases = {"base": logits(base)}
        for case, config in settings(name).items():
            model = AutoModelForCausalLM.from_pretrained(path)
            adapter = trained(get_peft_model(model, LoraConfig(task_type="CAUSAL_LM", **config)))
            adapter.save_pretrained(folder / name / "peft" / case)
            cases[case] = logits(adapter)
        cases["two at once"] = logits(loaded(path, folder / name / "peft", "plain", "rslora"))
        expected[name] = cases
    (folder / "peft.json").write_text(json.dumps({"ids": IDS, "logits": expected}), encoding="utf-8")
    print(json.dumps({"bases": len(expected)}))


def loaded(base, adapters, *names):
    """The base with some adapters, all of them active."""
    model = PeftModel.from_pretrained(
        AutoModelForCausalLM.from_pretrained(base), adapters / names[0], adapter_name=names[0])
    for name in names[1:]:
        model.load_adapter(adapters / name, adapter_name=name)
    model.base_model.set_adapter(list(names))
    return model


def distance(one, other):
    return (torch.tensor(one) - torch.tensor(other)).abs().max().item()


def compare(folder):
    """Lorikeet's file has, for each base, the logits it gets with PEFT's adapters and those with its own."""
    theirs = json.loads((folder / "peft.json").read_text("utf-8"))["logits"]
    ours = json.loads((folder / "lorikeet.json").read_text("utf-8"))
    rows, wrong = [], []
    for base, cases in theirs.items():
        plain = cases["base"]
        for case in [*dict.fromkeys([*cases, *ours[base]["saved"]])]:
            row = [base, case]
            if case in cases:
                row += [distance(cases[case], plain), distance(cases[case], ours[base]["read"][case])]
            else:
                row += [None, None]
            if case in ours[base]["saved"]:
                saved = ours[base]["saved"][case]
                names = ["plain", "rslora"] if case == "two at once" else [case]
                model = loaded(folder / base / "base", folder / base / "lorikeet", *names)
                row += [distance(saved, plain), distance(saved, logits(model))]
            else:
                row += [None, None]
            rows.append(row)
            _, _, change, read, changed, written = row
            too_far = any(value is not None and not value <= TOLERANCE for value in (read, written))
            too_near = case != "base" and any(value is not None and not value >= EFFECT for value in (change, changed))
            if too_far or too_near:
                wrong.append(f"{base} {case}")
    print_table(rows)
    read = [row[3] for row in rows if row[3] is not None]
    written = [row[5] for row in rows if row[5] is not None]
    print(json.dumps({
        "stack": f"PEFT {peft.__version__}, transformers {transformers.__version__}, torch {torch.__version__}",
        "cases": len(read) + len(written),
        "largest_read": max(read),
        "largest_written": max(written),
        "tolerance": TOLERANCE,
        "wrong": wrong,
    }))


def print_table(rows):
    head = ["base", "adapter", "PEFT's changes", "read by Lorikeet", "Lorikeet's changes", "read by PEFT"]
    print("Largest differences of logits: what an adapter changes, and what reading it in the other library does.")
    cells = [head] + [row[:2] + ["–" if value is None else f"{value:.2g}" for value in row[2:]] for row in rows]
    widths = [max(len(row[i]) for row in cells) for i in range(len(head))]
    for row in cells:
        print("  ".join(cell.ljust(w) if i < 2 else cell.rjust(w) for i, (cell, w) in enumerate(zip(row, widths))))


def main():
    args = argparse.ArgumentParser()
    args.add_argument("part", choices=["make", "compare"])
    args.add_argument("folder", type=Path)
    args = args.parse_args()
    torch.set_num_threads(1)  # models as small as these gain nothing by more
    transformers.logging.set_verbosity_error()
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    (make if args.part == "make" else compare)(args.folder)


if __name__ == "__main__":
    main()
