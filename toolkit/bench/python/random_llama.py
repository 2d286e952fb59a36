"""Writes a model of Llama-2-7B's shape with random weights, as the hub has it: float16 in shards.

    python random_llama.py FOLDER [--layers 32] [--seed 1] [--tokenizer FILE]

Makes FOLDER with config.json, model-0000i-of-0000N.safetensors and model.safetensors.index.json (13.5 GB
in 3 shards; a model that fits one shard is one model.safetensors), and a copy of a tokenizer.json or
tokenizer.model. Matrices are normal with standard deviation 0.02, normalisations are 1; a tensor's
numbers depend on the seed and its name alone. Holds a few chunks of numbers, never a tensor. Needs numpy.
"""

import argparse
import json
import math
import os
import shutil
import struct
import time
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

WIDTH, MLP, HEADS, VOCABULARY, CONTEXT = 4096, 11_008, 32, 32_000, 4096
DEVIATION = 0.02
SHARD_BYTES = 5 * 10**9
CHUNK = 1 << 22  # numbers drawn at a time
SPARE = 1 << 30  # bytes to leave free on the disk

Tensor = tuple[str, tuple[int, ...]]


def tensors(layers: int) -> Iterator[Tensor]:
    yield "model.embed_tokens.weight", (VOCABULARY, WIDTH)
    for layer in range(layers):
        path = f"model.layers.{layer}."
        yield path + "input_layernorm.weight", (WIDTH,)
        for name in "qkvo":
            yield f"{path}self_attn.{name}_proj.weight", (WIDTH, WIDTH)
        yield path + "post_attention_layernorm.weight", (WIDTH,)
        for name in ("gate", "up"):
            yield f"{path}mlp.{name}_proj.weight", (MLP, WIDTH)
        yield path + "mlp.down_proj.weight", (WIDTH, MLP)
    yield "model.norm.weight", (WIDTH,)
    yield "lm_head.weight", (VOCABULARY, WIDTH)


def size(tensor: Tensor) -> int:
    return 2 * math.prod(tensor[1])


def shards(layers: int) -> list[list[Tensor]]:
    """The tensors in order, as many in a file as fit."""
    files: list[list[Tensor]] = [[]]
    room = SHARD_BYTES
    for tensor in tensors(layers):
        if size(tensor) > room:
            files.append([])
            room = SHARD_BYTES
        files[-1].append(tensor)
        room -= size(tensor)
    return files


def config(layers: int) -> dict:
    return {
        "architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": VOCABULARY,
        "hidden_size": WIDTH, "intermediate_size": MLP, "num_hidden_layers": layers,
        "num_attention_heads": HEADS, "num_key_value_heads": HEADS, "max_position_embeddings": CONTEXT,
        "hidden_act": "silu", "rms_norm_eps": 1e-5, "rope_theta": 10_000.0, "tie_word_embeddings": False,
        "bos_token_id": 1, "eos_token_id": 2, "torch_dtype": "float16",
    }


def chunk(name: str, seed: int, number: int, count: int) -> np.ndarray:
    """Some numbers of a tensor, each chunk from a generator of its own."""
    if name.endswith("norm.weight"):
        return np.ones(count, np.float16)
    generator = np.random.Generator(np.random.SFC64([seed, zlib.crc32(name.encode()), number]))
    numbers = generator.standard_normal(count, np.float32)
    numbers *= DEVIATION
    return numbers.astype(np.float16)


def chunks(tensor: Tensor) -> Iterator[tuple[str, int, int]]:
    name, shape = tensor
    count = math.prod(shape)
    for number, start in enumerate(range(0, count, CHUNK)):
        yield name, number, min(CHUNK, count - start)


def header(shard: list[Tensor]) -> bytes:
    entries: dict[str, dict] = {"__metadata__": {"format": "pt"}}
    offset = 0
    for tensor in shard:
        name, shape = tensor
        entries[name] = {"dtype": "F16", "shape": shape, "data_offsets": [offset, offset + size(tensor)]}
        offset += size(tensor)
    text = json.dumps(entries).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text


def write_shard(path: Path, shard: list[Tensor], seed: int, pool: ThreadPoolExecutor, ahead: int) -> None:
    """The chunks in order; only as many as are drawn at once are held."""
    part = path.with_name(path.name + ".part")
    with open(part, "wb") as file:
        file.write(header(shard))
        waiting = []
        for name, number, count in (piece for tensor in shard for piece in chunks(tensor)):
            waiting.append(pool.submit(chunk, name, seed, number, count))
            if len(waiting) > ahead:
                file.write(waiting.pop(0).result())
        for drawn in waiting:
            file.write(drawn.result())
    part.replace(path)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--layers", type=int, default=32)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tokenizer", type=Path, help="a tokenizer.json or tokenizer.model to copy")
    args = parser.parse_args()
    if args.layers < 1:
        parser.error(f"--layers is {args.layers}; expected at least 1")
    if args.tokenizer and (not args.tokenizer.is_file() or args.tokenizer.suffix not in (".json", ".model")):
        parser.error(f"--tokenizer is {args.tokenizer}; expected a .json or .model file")

    began = time.monotonic()
    files = shards(args.layers)
    total = sum(map(size, tensors(args.layers)))
    args.folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(args.folder).free
    if free < total + SPARE:
        raise SystemExit(f"{args.folder} has {free / 1e9:.1f} GB free; {(total + SPARE) / 1e9:.1f} GB are needed")
    if args.tokenizer:
        shutil.copyfile(args.tokenizer, args.folder / ("tokenizer" + args.tokenizer.suffix))
    (args.folder / "config.json").write_text(json.dumps(config(args.layers), indent=2) + "\n", encoding="utf-8")
    places: dict[str, str] = {}
    threads = os.cpu_count() or 1
    with ThreadPoolExecutor(threads) as pool:
        for number, shard in enumerate(files, 1):
            name = f"model-{number:05}-of-{len(files):05}.safetensors" if len(files) > 1 else "model.safetensors"
            write_shard(args.folder / name, shard, args.seed, pool, threads)
            places |= {tensor: name for tensor, _ in shard}
            print(f"{name}: {sum(map(size, shard)) / 1e9:.2f} GB, {time.monotonic() - began:.0f} s", flush=True)
    if len(files) > 1:
        index = {"metadata": {"total_size": total}, "weight_map": places}
        (args.folder / "model.safetensors.index.json").write_text(json.dumps(index, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
