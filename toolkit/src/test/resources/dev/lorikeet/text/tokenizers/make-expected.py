"""Writes pre-tokenizers.json and byte-fallback.json (needs tokenizers and sentencepiece), slow.json (needs transformers 4) and real.json.

    python make-expected.py words        # with any recent tokenizers
    python make-expected.py slow         # with transformers 4, which still has slow tokenizers
    python make-expected.py real FOLDER  # ids of the reference data's tokenizers in FOLDER
"""

import json
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent

CORPUS = [
    "The lorikeet's feathers weren't dry at 1234567 past noon, it'd said; we'll see 2024 or 2025.",
    "I'VE TOLD YOU: DON'T! camelCaseWords and HTTPServer, x_y = z + 1; if (a < b) { return \"c\"; }",
    "Die Wellensittiche fraßen 12 Körner, dann 345, dann 6789. Ärger über Öl!",
    "鸚鵡喜歡水果。鸚鵡不喜歡雨。日本語のテキスト、カタカナとひらがな。",
    "한국어 텍스트는 새에 대한 것입니다. Попугаи едят фрукты и не спят 99 дней.",
    "emoji 🦜🦜 👍🏽 and   runs    of     spaces\n\n\nand\tlines\r\n\r\n  indented\n    more",
    "Việt hợp nhiều điều; naïve café; हिन्दी पाठ; עברית ועוד; مرحبا بالعالم ٣٤٥ ½ Ⅷ.",
]

TEXTS = [
    "",
    " ",
    "I'M told 12345678 parrots don't sleep, we'LL see.\n\n  ok",
    "a\r\nb \r\n\r\n\tc   d    \n\n\n e\u00a0f\u3000g   ",
    "camelCaseWords, HTTPServer! x_y=z+1; if(a<b){return \"c\";} //end\n/path/to",
    "1 22 333 4444 55555 666666 7777777 3.14 1,000,000 ٣٤٥٦ ½Ⅷ²",
    "鸚鵡喜歡12個水果。日本語のテキストabcカタカナ、한국어 텍스트!",
    "e\u0301cole n\u0303 Vi\u1ec7t Vie\u0323\u0302t हिन्दी पाठ",
    "🦜🦜👍🏽 'told 'RE ''' ``` ... ---- don’t “so” — …",
    "Попугаи едят. Ärger über Öl, ǅ ſ ŉ עברית ועוד مرحبا",
    "nul\0 \ufeffbom \ufffd (a|b) [c] {d} $5 + <e> ^f ~g `h`",
    "the lorikeet<|endoftext|>  the<|endoftext|>",
]

C = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
CL = r"|[^\r\n\p{L}\p{N}]?\p{L}+|%s| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
UP, LOW, ONE = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]", r"[^\r\n\p{L}\p{N}]?"
O = ONE + UP + "*" + LOW + "+%s|" + ONE + UP + "+" + LOW + r"*%s|%s| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"


def words():
    from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers as p, trainers

    def split(expression):
        return p.Split(Regex(expression), "isolated")

    data, gpt2, digits = p.ByteLevel(add_prefix_space=False, use_regex=False), p.ByteLevel(add_prefix_space=False), p.Digits(individual_digits=True)
    cjk = "[一-龥ࠀ-一가-퟿]+"
    ways = {
        "gpt-2": [gpt2],
        "olmo": ["NFC", gpt2],
        "smollm": [digits, gpt2],
        "refact": [digits, gpt2],
        "command-r": ["NFC", digits, gpt2],
        "llama-bpe": ["whole", split(C + CL % r"\p{N}{1,3}"), data],
        "smaug-bpe": ["whole", split(C + CL % r"\p{N}{1,3}"), data],
        "dbrx": [split(C + CL % r"\p{N}{1,3}"), data],
        "qwen2": ["NFC", split(C + CL % r"\p{N}"), data],
        "deepseek-r1-qwen": ["NFC", split(C + CL % r"\p{N}"), data],
        "stablelm2": [split(C + CL % r"\p{N}"), data],
        "tekken": ["whole", split(O % ("", "", r"\p{N}")), data],
        "gpt-4o": [split(O % (C + "?", C + "?", r"\p{N}{1,3}")), data],
        "deepseek-coder": [split("[\r\n]"), split(r"\s?\p{L}+"), split(r"\s?\p{P}+"), split(cjk), digits, data],
        "deepseek-v3": [
            split(r"\p{N}{1,3}"),
            split("[一-龥぀-ゟ゠-ヿ]+"),
            split(
                "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+"
                "| ?[\\p{P}\\p{S}]+[\r\n]*|\\s*[\r\n]+|\\s+(?!\\S)|\\s+"
            ),
            data,
        ],
        "falcon": [p.Punctuation("contiguous"), gpt2, p.Digits(individual_digits=False), split("[0-9][0-9][0-9]")],
    }
    # "whole": a token that no merge makes, as 588 of Llama 3's are.
    base = Tokenizer(models.BPE())
    base.pre_tokenizer = gpt2
    base.train_from_iterator(CORPUS * 3, trainers.BpeTrainer(vocab_size=700, initial_alphabet=p.ByteLevel.alphabet(), show_progress=False))
    model = json.loads(base.to_str())["model"]
    vocab, merges = model["vocab"], [" ".join(m) for m in model["merges"]]
    vocab["Ġlorikeet"] = vocab.get("Ġlorikeet", len(vocab))
    merges = [m for m in merges if m.replace(" ", "") != "Ġlorikeet"]
    vocab["<|endoftext|>"] = len(vocab)
    result = {"vocabulary": vocab, "merges": merges, "texts": TEXTS, "pre_tokenizers": {}}
    for name, steps in ways.items():
        made = Tokenizer(models.BPE(vocab=vocab, merges=[tuple(m.split(" ")) for m in merges], ignore_merges="whole" in steps))
        if "NFC" in steps:
            made.normalizer = normalizers.NFC()
        rest = [s for s in steps if not isinstance(s, str)]
        made.pre_tokenizer = rest[0] if len(rest) == 1 else p.Sequence(rest)
        made.add_special_tokens([AddedToken("<|endoftext|>", normalized=False)])
        parts = json.loads(made.to_str())
        result["pre_tokenizers"][name] = {
            "normalizer": parts["normalizer"],
            "pre_tokenizer": parts["pre_tokenizer"],
            "ignore_merges": "whole" in steps,
            "ids": [made.encode(text, add_special_tokens=False).ids for text in TEXTS],
        }
    (HERE / "pre-tokenizers.json").write_text(json.dumps(result, ensure_ascii=False))
    byte_fallback()


def byte_fallback():
    """A small vocabulary of the kind that Gemma has, as a tokenizer.json and as the keys of a GGUF file."""
    import sentencepiece as spm
    from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers
    from sentencepiece import sentencepiece_model_pb2 as pb

    own = ["<mask>", "\n", "\n\n", "\n\n\n", "▁▁", "▁▁▁", "▁▁▁▁", "<h1>", "</h1>"]
    with tempfile.TemporaryDirectory() as folder:
        text = Path(folder) / "text"
        text.write_text("\n".join(CORPUS * 3))
        spm.SentencePieceTrainer.train(
            input=str(text), model_prefix=f"{folder}/m", model_type="bpe", vocab_size=640, byte_fallback=True, pad_id=0, eos_id=1,
            bos_id=2, unk_id=3, pad_piece="<pad>", eos_piece="<eos>", bos_piece="<bos>", control_symbols=["<start_of_turn>", "<end_of_turn>"],
            user_defined_symbols=own, add_dummy_prefix=False, remove_extra_whitespaces=False, normalization_rule_name="identity",
            character_coverage=0.98, minloglevel=2,
        )
        model = pb.ModelProto()
        model.ParseFromString((Path(folder) / "m.model").read_bytes())
    pieces = [(p.piece, p.score, p.type) for p in model.pieces]
    ids = {piece: id for id, (piece, _, _) in enumerate(pieces)}
    pairs = []
    for piece, score, kind in pieces:
        if kind in (1, 4):
            for cut in range(1, len(piece)):
                left, right = piece[:cut], piece[cut:]
                if left in ids and right in ids:
                    pairs.append((-score if kind == 1 else -1e9 - len(piece), ids[left], ids[right], (left, right)))
    pairs.sort()
    made = Tokenizer(models.BPE(vocab=ids, merges=[pair[-1] for pair in pairs], unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    made.normalizer = normalizers.Replace(" ", "▁")
    made.pre_tokenizer = pre_tokenizers.Split(" ", "merged_with_previous")
    made.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()])
    made.add_special_tokens([AddedToken(piece, normalized=False) for piece, _, kind in pieces if kind in (2, 3)])
    made.add_tokens([AddedToken(piece, normalized=False) for piece, _, kind in pieces if kind == 4])
    texts = TEXTS + [
        "<start_of_turn>user\n<h1>The lorikeet</h1>\n\n\n\n\nit's <end_of_turn>\n",
        "a  b   c    d     e         f\n \n  \n\n   g▁h▁▁i",
        "\u0000 €uro 🦜 \t tab",
    ]
    result = {
        "tokenizer": json.loads(made.to_str()),
        "gguf": {
            # As the converter writes the pieces that are found in the text as it is.
            "tokens": [piece.replace("▁", " ") if kind == 4 else piece for piece, _, kind in pieces],
            "scores": [score for _, score, _ in pieces],
            "token_type": [kind for _, _, kind in pieces],
        },
        "texts": texts,
        "ids": [made.encode(text, add_special_tokens=False).ids for text in texts],
    }
    (HERE / "byte-fallback.json").write_text(json.dumps(result, ensure_ascii=False))


def slow():
    """Folders without a tokenizer.json: their files, texts and ids. "MODEL" is the SentencePiece model of the other tests."""
    import shutil
    from transformers import GPT2Tokenizer, LlamaTokenizer, Qwen2Tokenizer

    words = json.loads((HERE / "pre-tokenizers.json").read_text())
    vocab = json.dumps({t: i for t, i in words["vocabulary"].items() if t != "<|endoftext|>"}, ensure_ascii=False)
    merges = "#version: 0.2\n" + "\n".join(words["merges"]) + "\n"
    size = len(words["vocabulary"]) - 1
    chat = "<|im_start|>user\n I'm 12 <|im_end|>\n<tool> x </tool>  y<|endoftext|> e\u0301"

    def token(content, **flags):
        return {"content": content, "lstrip": False, "rstrip": False, "normalized": False, "single_word": False, "special": True} | flags

    def pair(**files):
        return {"vocab.json": vocab, "merges.txt": merges} | {name.replace("_json", ".json"): json.dumps(f) for name, f in files.items()}

    cases = {
        "qwen2-added": (Qwen2Tokenizer, pair(
            added_tokens_json={"<|endoftext|>": size, "<|im_start|>": size + 1, "<|im_end|>": size + 2, "<tool>": size + 3},
            special_tokens_map_json={"eos_token": "<|im_end|>", "pad_token": "<|endoftext|>", "additional_special_tokens": ["<|im_start|>"]},
            tokenizer_config_json={"tokenizer_class": "Qwen2Tokenizer"})),
        "qwen2-decoder": (Qwen2Tokenizer, pair(tokenizer_config_json={
            "tokenizer_class": "Qwen2Tokenizer", "eos_token": "<|im_end|>",
            "added_tokens_decoder": {
                str(size): token("<|endoftext|>"), str(size + 1): token("<|im_start|>", rstrip=True), str(size + 2): token("<|im_end|>"),
                str(size + 3): token("<tool>", special=False, lstrip=True, rstrip=True), str(size + 4): token("</tool>", special=False)}})),
        "gpt2-missing": (GPT2Tokenizer, pair(
            special_tokens_map_json={"bos_token": "<|endoftext|>", "eos_token": "<|im_end|>", "unk_token": token("<|endoftext|>"), "pad_token": "<pad>"},
            tokenizer_config_json={"tokenizer_class": "GPT2Tokenizer", "additional_special_tokens": ["<|im_start|>"]})),
        "llama-added": (LlamaTokenizer, {
            "tokenizer.model": "MODEL", "added_tokens.json": json.dumps({"<|im_start|>": 521, "<|im_end|>": 520, "<tool>": 522}),
            "special_tokens_map.json": json.dumps({
                "eos_token": "<|im_end|>", "bos_token": "<s>", "unk_token": "<unk>", "additional_special_tokens": ["</s>"]}),
            "tokenizer_config.json": json.dumps({"tokenizer_class": "LlamaTokenizer", "legacy": True, "add_bos_token": True})}),
        "llama-decoder": (LlamaTokenizer, {
            "tokenizer.model": "MODEL",
            "tokenizer_config.json": json.dumps({
                "tokenizer_class": "LlamaTokenizer", "legacy": False, "bos_token": "<s>", "eos_token": "<|im_end|>", "unk_token": "<unk>",
                "additional_special_tokens": ["<|im_start|>"],
                "added_tokens_decoder": {
                    "0": token("<unk>"), "1": token("<s>"), "2": token("</s>"), "520": token("<|im_start|>", rstrip=True),
                    "521": token("<|im_end|>", lstrip=True), "522": token("<tool>", special=False)}})}),
    }
    result = {}
    texts = [chat, "  The lorikeet isn't 123.\n", "<|im_end|> a<s> b </s>c", ""]
    for name, (kind, files) in cases.items():
        with tempfile.TemporaryDirectory() as folder:
            for file, content in files.items():
                if content == "MODEL":
                    shutil.copy(HERE.parent / "sentencepiece/bpe-bytes.model", Path(folder) / file)
                else:
                    (Path(folder) / file).write_text(content)
            made = kind.from_pretrained(folder)
            shared = {file: file if file in ("vocab.json", "merges.txt") else content for file, content in files.items()}
            result[name] = {
                "files": shared, "texts": texts, "eos": made.eos_token_id, "size": len(made),
                "ids": [made.encode(text, add_special_tokens=False) for text in texts],
            }
    (HERE / "slow.json").write_text(json.dumps(result, ensure_ascii=False, indent=1))


def real():
    """Ids of published vocabularies, which are not in the repository."""
    from tokenizers import Tokenizer

    ids = {}
    for name in ("qwen3", "gptoss", "smollm2", "gpt2"):
        tokenizer = Tokenizer.from_file(str(Path(sys.argv[2]) / f"{name}-tokenizer.json"))
        ids[name] = [tokenizer.encode(text, add_special_tokens=False).ids for text in TEXTS]
    (HERE / "real.json").write_text(json.dumps(ids))


{"words": words, "slow": slow, "real": real}[sys.argv[1]]()
