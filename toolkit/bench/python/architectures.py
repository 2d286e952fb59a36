"""Makes the reference numbers of the Llama family for the toolkit's tests, by transformers and PEFT.

    python architectures.py ../../src/test/resources/dev/lorikeet/model

For each case below it writes NAME/config.json as transformers saves it and NAME/expected.json: some
rows of logits for a prompt that is longer than the context that rotary scaling starts from and than
the window, and the ids that greedy search adds. Weights are not written: `formula` makes them from
their names, here and in the tests. GGUF files, which have a form of their own, are small and written.
For Qwen2, expected.json also has the loss and the gradient norm of one LoRA step. A case whose special
feature does not change the logits is an error.
"""

import argparse
import json
import sys
import zlib
from pathlib import Path

import gguf
import numpy as np
import torch
from peft import LoraConfig, get_peft_model
from transformers import (AutoModelForCausalLM, LlamaConfig, MistralConfig, PretrainedConfig, Qwen2Config,
                          __version__)

VOCABULARY = 33
PROMPT = [(7 * i * i + 3 * i) % VOCABULARY for i in range(40)]
ROWS = [0, 9, 24, 39]
NEW_TOKENS = 24
BATCH = [[(5 * i * i + i + 9 * row) % VOCABULARY for i in range(24)] for row in range(2)]
TOKENS = [*"abcdefghijklmnopqrstuvwxyz", "Ġ", ".", "th", "the", "Ġthe", "an", "<pad>"]
MERGES = ["t h", "th e", "Ġ the", "a n"]

SHARED = dict(vocab_size=VOCABULARY, hidden_size=16, intermediate_size=40, num_hidden_layers=2,
              num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=96, bos_token_id=None,
              eos_token_id=None)


def rope(theta: float, kind: str = "default", **more: float) -> dict:
    return {"rope_parameters": {"rope_type": kind, "rope_theta": theta, **more}}


LLAMA3 = rope(50.0, "llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
              original_max_position_embeddings=32)

# A name, its configuration, one without what is special about it, and the architecture of a GGUF file.
CASES: list[tuple[str, PretrainedConfig, PretrainedConfig, str]] = [
    ("llama-2", LlamaConfig(**SHARED | dict(num_key_value_heads=4), rms_norm_eps=1e-5),
     LlamaConfig(**SHARED | dict(num_key_value_heads=4), rms_norm_eps=0.3), ""),
    ("tinyllama", LlamaConfig(**SHARED, **rope(200.0)), LlamaConfig(**SHARED), ""),
    ("llama-3", LlamaConfig(**SHARED, head_dim=16, **LLAMA3), LlamaConfig(**SHARED, head_dim=16, **rope(50.0)),
     "llama"),
    ("llama-biased",
     LlamaConfig(**SHARED, attention_bias=True, mlp_bias=True, **rope(100.0, "linear", factor=4.0)),
     LlamaConfig(**SHARED, attention_bias=True, mlp_bias=True, **rope(100.0)), "llama"),
    ("mistral", MistralConfig(**SHARED, head_dim=6, sliding_window=5),
     MistralConfig(**SHARED, head_dim=6, sliding_window=None), "llama"),
    ("qwen2", Qwen2Config(**SHARED, tie_word_embeddings=True, **rope(1e6)),
     LlamaConfig(**SHARED, tie_word_embeddings=True, **rope(1e6)), "qwen2"),
]


def formula(name: str, shape: tuple[int, ...]) -> np.ndarray:
    """Numbers from a hash of the name and the place: eight bits each, so that float16 holds them too."""
    x = np.arange(int(np.prod(shape)), dtype=np.uint64) * 0x9E3779B9 + zlib.crc32(name.encode())
    x = x.astype(np.uint32)
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        x = (x ^ (x >> np.uint32(shift))) * np.uint32(factor)
    x ^= x >> np.uint32(16)
    signed = ((x >> np.uint32(24)).astype(np.float32) - 128) / 128
    return (1 + signed / 4 if "norm" in name else signed / 2).reshape(shape)


@torch.no_grad()
def build(config: PretrainedConfig):
    model = AutoModelForCausalLM.from_config(config, dtype=torch.float32).eval()
    fill(model)
    return model


@torch.no_grad()
def fill(model, only: str = "") -> None:
    for name, parameter in model.named_parameters():
        if only in name:
            parameter.copy_(torch.from_numpy(formula(name, tuple(parameter.shape))))


@torch.no_grad()
def logits(model, ids: list[int]) -> torch.Tensor:
    return model(torch.tensor([ids])).logits[0]


def greedy(model, ids: list[int]) -> list[int]:
    """Each id by a pass over the whole text, no cache."""
    ids = list(ids)
    for _ in range(NEW_TOKENS):
        best = torch.topk(logits(model, ids)[-1], 2)
        if best.values[0] - best.values[1] < 1e-3:
            raise SystemExit("two ids are about equally likely: choose another prompt")
        ids.append(best.indices[0].item())
    return ids[-NEW_TOKENS:]


def lora_step(config: PretrainedConfig) -> dict:
    """Loss and gradient norm with an adapter on every linear layer, itself by the formula."""
    model = get_peft_model(build(config), LoraConfig(r=2, lora_alpha=4, target_modules="all-linear"))
    fill(model, "lora_")
    ids = torch.tensor(BATCH)
    loss = model(ids, labels=ids).loss
    loss.backward()
    norm = torch.sqrt(sum(p.grad.square().sum() for p in model.parameters() if p.requires_grad))
    return {"batch": BATCH, "rank": 2, "alpha": 4, "loss": loss.item(), "gradient_norm": norm.item()}


def interleaved(weight: np.ndarray, heads: int) -> np.ndarray:
    """Rows of q and k in the order in which "llama" files have them."""
    pairs = weight.reshape(heads, 2, weight.shape[0] // heads // 2, *weight.shape[1:])
    return pairs.swapaxes(1, 2).reshape(weight.shape)


def write_gguf(path: Path, config: PretrainedConfig, model, arch: str) -> None:
    writer = gguf.GGUFWriter(path, arch)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    head = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    if head * config.num_attention_heads != config.hidden_size:
        writer.add_key_length(head)
        writer.add_value_length(head)
    writer.add_rope_dimension_count(head)
    turns = config.rope_parameters
    writer.add_rope_freq_base(turns["rope_theta"])
    if turns["rope_type"] == "linear":
        writer.add_rope_scaling_type(gguf.RopeScalingType.LINEAR)
        writer.add_rope_scaling_factor(turns["factor"])
    if getattr(config, "sliding_window", None):
        writer.add_sliding_window(config.sliding_window)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(TOKENS)
    writer.add_token_merges(MERGES)
    if turns["rope_type"] == "llama3":
        plain = 1 / turns["rope_theta"] ** (torch.arange(0, head, 2) / head)
        divisors = plain / model.model.rotary_emb.inv_freq
        writer.add_tensor("rope_freqs.weight", divisors.numpy().astype(np.float32))
    names = gguf.get_tensor_name_map(getattr(gguf.MODEL_ARCH, arch.upper()), config.num_hidden_layers)
    for name, parameter in model.named_parameters():
        array = parameter.detach().numpy()
        if arch == "llama" and ("q_proj" in name or "k_proj" in name):
            heads = config.num_attention_heads if "q_proj" in name else config.num_key_value_heads
            array = interleaved(array, heads)
        stored = array.astype(np.float16 if array.ndim == 2 else np.float32)
        writer.add_tensor(names.get_name(name, (".weight", ".bias")), stored)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def main() -> None:
    args = argparse.ArgumentParser()
    args.add_argument("folder", type=Path)
    folder = args.parse_args().folder
    for name, config, plain, arch in CASES:
        out = folder / name
        out.mkdir(parents=True, exist_ok=True)
        model = build(config)
        rows = logits(model, PROMPT)
        difference = (rows - logits(build(plain), PROMPT))[ROWS].abs().max().item()
        print(f"{name}: logits up to {rows.abs().max():.1f}, without what is special {difference:.2f} apart",
              file=sys.stderr)
        if difference < 0.1:
            raise SystemExit(f"{name} does not show what is special about it")
        expected = {
            "made by": f"transformers {__version__}, torch {torch.__version__}, float32",
            "ids": PROMPT,
            "rows": ROWS,
            "logits": [[round(value, 5) for value in rows[row].tolist()] for row in ROWS],
            "greedy_ids": greedy(model, PROMPT),
        }
        if name == "qwen2":
            expected["lora"] = lora_step(config)
        config.save_pretrained(out)
        (out / "expected.json").write_text(json.dumps(expected) + "\n", encoding="utf-8")
        if arch:
            write_gguf(out / "model.gguf", config, model, arch)


if __name__ == "__main__":
    main()
