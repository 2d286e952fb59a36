"""Writes the small files that the tests of the weights room read, and what the Python stack reads in them.

    python make_gguf_fixtures.py FOLDER

Needs numpy, gguf, torch and safetensors. Made with gguf 0.19.0, torch 2.7.1 and safetensors 0.8.0; the same seed gives
the same bytes.
"""

import sys
from pathlib import Path

import gguf
import numpy as np
import torch
from gguf import GGMLQuantizationType as Type
from gguf.quants import dequantize, quantize
from safetensors.torch import save_file

SEED = 20240611

# Bits of halves that are easy to get wrong: zeros, subnormals (smallest, largest), smallest normal, one, largest,
# infinities, a quiet NaN.
HALVES = [0x0000, 0x8000, 0x0001, 0x8001, 0x03FF, 0x83FF, 0x0400, 0x3C00, 0xBC00, 0x7BFF, 0xFBFF, 0x7C00, 0xFC00, 0x7E00]
USUAL = [0x0000, 0x8001, 0x03FF, 0x0400, 0xBC00, 0x7BFF]
BRAINS = [0x0000, 0x8000, 0x0001, 0x8001, 0x007F, 0x0080, 0x3F80, 0xBF80, 0x7F7F, 0xFF7F, 0x7F80, 0xFF80, 0x7FC0]
SINGLES = [0x00000000, 0x80000000, 0x00000001, 0x007FFFFF, 0x00800000, 0x7F7FFFFF, 0x7F800000, 0xFF800000, 0x7FC00000]

# Where in a block the half-precision scales lie, where that is not only at its start.
SCALES = {
    Type.Q4_1: (0, 2),
    Type.Q5_1: (0, 2),
    Type.Q2_K: (80, 82),
    Type.Q3_K: (108,),
    Type.Q4_K: (0, 2),
    Type.Q5_K: (0, 2),
    Type.Q6_K: (208,),
    Type.MXFP4: (),
}

# Types that are known by name and refused.
REFUSED = {Type.IQ2_XXS}


def padded(bits, dtype, size, random):
    """The given bit patterns, then random ones that are finite."""
    width = np.dtype(dtype).itemsize * 8
    rest = random.integers(0, 1 << (width - 3), size - len(bits)).astype(dtype)
    return np.concatenate([np.array(bits, dtype), rest])


def blocks(type, rows, row_length, scales, random):
    """Random blocks whose scales are the given halves, and random finite ones after those."""
    weights, size = gguf.GGML_QUANT_SIZES[type]
    count = rows * row_length // weights
    raw = random.integers(0, 256, (count, size), dtype=np.uint8)
    for start in SCALES.get(type, (0,)):
        halves = padded(scales, np.uint16, count, random)
        random.shuffle(halves)
        raw[:, start : start + 2] = halves.view(np.uint8).reshape(count, 2)
    return raw.reshape(rows, row_length // weights * size)


def mxfp4(rows, row_length, random):
    """Random blocks; among their exponents are the two subnormal ones, the smallest normal, one, and the two largest."""
    raw = blocks(Type.MXFP4, rows, row_length, [], random)
    raw[:6, 0] = [0, 1, 2, 128, 254, 255]
    return raw


def write_gguf(folder):
    random = np.random.default_rng(SEED)
    writer = gguf.GGUFWriter(folder / "types.gguf", "tiny")
    writer.add_custom_alignment(64)
    writer.add_uint8("value.uint8", 200)
    writer.add_int8("value.int8", -100)
    writer.add_uint16("value.uint16", 60000)
    writer.add_int16("value.int16", -30000)
    writer.add_uint32("value.uint32", 4_000_000_000)
    writer.add_int32("value.int32", -2_000_000_000)
    writer.add_uint64("value.uint64", 2**64 - 1)
    writer.add_int64("value.int64", -(2**62))
    writer.add_float32("value.float32", 1.5)
    writer.add_float64("value.float64", 0.1)
    writer.add_bool("value.bool", True)
    writer.add_string("value.string", "Wellensittich – 鸚鵡 🦜")
    writer.add_array("array.string", ["a", "Ġthe", "▁🦜"])
    writer.add_array("array.int32", [1, -2, 3])
    writer.add_array("array.float32", [0.5, -1.5])
    writer.add_array("array.bool", [True, False])
    writer.add_array("array.array", [[1, 2], [3]])

    expected = {}
    tensors = {
        "f32": (Type.F32, padded(SINGLES, np.uint32, 15, random).view(np.float32).reshape(3, 5)),
        "f16": (Type.F16, padded(HALVES, np.uint16, 42, random).view(np.float16).reshape(2, 3, 7)),
        "bf16": (Type.BF16, padded(BRAINS, np.uint16, 21, random).view(np.uint8).reshape(3, 14)),
        "f64": (Type.F64, random.normal(size=5)),
        "q4_0": (Type.Q4_0, blocks(Type.Q4_0, 5, 96, HALVES, random)),
        "q4_1": (Type.Q4_1, blocks(Type.Q4_1, 4, 160, HALVES, random)),
        "q8_0": (Type.Q8_0, blocks(Type.Q8_0, 16, 32, HALVES, random)),
        "iq2_xxs": (Type.IQ2_XXS, random.integers(0, 256, (1, 66), dtype=np.uint8)),
        "i8": (Type.I8, random.integers(-128, 128, 7).astype(np.int8)),
        "i16": (Type.I16, random.integers(-(2**15), 2**15, (2, 2)).astype(np.int16)),
        "i32": (Type.I32, random.integers(-(2**31), 2**31, 3).astype(np.int32)),
        "i64": (Type.I64, random.integers(-(2**63), 2**63 - 1, (1, 2, 1)).astype(np.int64)),
        "q5_0": (Type.Q5_0, blocks(Type.Q5_0, 5, 96, HALVES, random)),
        "q5_1": (Type.Q5_1, blocks(Type.Q5_1, 4, 160, HALVES, random)),
        "q4_k": (Type.Q4_K, blocks(Type.Q4_K, 4, 512, USUAL, random)),
        "q5_k": (Type.Q5_K, blocks(Type.Q5_K, 2, 1024, USUAL, random)),
        "q6_k": (Type.Q6_K, blocks(Type.Q6_K, 8, 256, USUAL, random)),
        "q2_k": (Type.Q2_K, blocks(Type.Q2_K, 4, 512, USUAL, random)),
        "q3_k": (Type.Q3_K, blocks(Type.Q3_K, 2, 1024, USUAL, random)),
        "iq4_nl": (Type.IQ4_NL, blocks(Type.IQ4_NL, 5, 96, HALVES, random)),
        "iq4_xs": (Type.IQ4_XS, blocks(Type.IQ4_XS, 4, 512, USUAL, random)),
        "mxfp4": (Type.MXFP4, mxfp4(12, 64, random)),
    }
    for name, (type, array) in tensors.items():
        writer.add_tensor(name, array, raw_dtype=type)
        if type in (Type.F64, Type.I8, Type.I16, Type.I32, Type.I64):
            read = array.astype({Type.F64: np.float32, Type.I16: np.int32}.get(type, array.dtype))
        else:
            with np.errstate(all="ignore"):
                read = dequantize(array, type).astype(np.float32)
        if type not in REFUSED:
            expected[name] = torch.from_numpy(read.copy())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    save_file(expected, folder / "types-expected.safetensors")


def write_written(folder):
    """Single precision numbers, and what gguf and torch store of them."""
    random = np.random.default_rng(SEED)
    rows = random.normal(size=(12, 64)).astype(np.float32) * np.logspace(-7, 6, 12, dtype=np.float32)[:, None]
    rows[3] = 0
    # Halves of the unit that 127 makes, so that every other number lies between two.
    rows[4] = np.arange(-64, 64, 2, dtype=np.float32) - 0.5
    rows[4, [0, 32]] = 127
    # Between two halves, brains, subnormal halves; the largest half and what is beyond.
    rows[5, :10] = [1 + 2**-11, 1 + 3 * 2**-11, 1 + 2**-8, 1 + 3 * 2**-8, 2**-25, 3 * 2**-25, 2**-26, 65504, 65519, 65520]
    writer = gguf.GGUFWriter(folder / "written.gguf", "tiny")
    writer.add_tensor("f32", rows)
    with np.errstate(over="ignore"):
        writer.add_tensor("f16", rows.astype(np.float16))
    brains = torch.from_numpy(rows).bfloat16().view(torch.int16).numpy()
    writer.add_tensor("bf16", brains.view(np.uint8), raw_dtype=Type.BF16)
    writer.add_tensor("q8_0", quantize(rows, Type.Q8_0), raw_dtype=Type.Q8_0)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def bits(patterns, dtype):
    return torch.from_numpy(np.array(patterns, np.uint16).view(np.int16)).view(dtype)


def write_safetensors(folder):
    random = torch.Generator().manual_seed(SEED)
    floats = {
        "f16": bits(HALVES, torch.float16).reshape(2, 7),
        "bf16": bits(BRAINS, torch.bfloat16),
        "f64": torch.tensor([0.1, -1e-300, 1e300, float("-inf")], dtype=torch.float64),
    }
    stored = {
        "f32 \"quoted\" <é>": torch.randn(3, 2, generator=random),
        "a.f32": torch.randn(2, generator=random),
        "f16": torch.tensor([0.5, -2.0, 65504.0], dtype=torch.float16),
        "f64": torch.tensor([0.25], dtype=torch.float64),
        "i64": torch.tensor([[2**62, -1]]),
        "i32": torch.tensor([-(2**31), 7], dtype=torch.int32),
        "i8": torch.tensor([-128, 127, 3], dtype=torch.int8),
        "u8": torch.tensor([0, 255, 3], dtype=torch.uint8),
        "bool": torch.tensor([True, False, True]),
        "scalar": torch.tensor(3.5),
        "empty": torch.zeros(0, 3),
    }
    narrow = {"i16": torch.tensor([-(2**15), 2**15 - 1], dtype=torch.int16)}
    save_file({**floats, **narrow}, folder / "halves.safetensors")
    read = {name: tensor.float() for name, tensor in floats.items()}
    save_file({**read, "i16": narrow["i16"].int()}, folder / "halves-expected.safetensors")
    save_file(stored, folder / "stored.safetensors", {"format": "pt"})


if __name__ == "__main__":
    target = Path(sys.argv[1])
    write_gguf(target)
    write_written(target)
    write_safetensors(target)
