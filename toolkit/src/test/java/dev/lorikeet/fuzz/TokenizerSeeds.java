package dev.lorikeet.fuzz;

/** Small tokenizers of every kind that a {@code tokenizer.json} may hold. */
final class TokenizerSeeds {

    static final String[] ALL = {
        // BPE over bytes, as GPT-2 and Llama 3 have it.
        """
        {"version": "1.0", "truncation": null, "padding": null,
         "added_tokens": [{"id": 8, "content": "<s>", "single_word": false, "lstrip": false, "rstrip": true,
           "normalized": false, "special": true}],
         "normalizer": {"type": "Sequence", "normalizers": [{"type": "NFC"}, {"type": "Replace",
           "pattern": {"String": "x"}, "content": "y"}]},
         "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "Split", "pattern": {"Regex":
           "'s|[^\\\\r\\\\n\\\\p{L}\\\\p{N}]?\\\\p{L}+|\\\\p{N}{1,3}|\\\\s+(?!\\\\S)|\\\\s+"}, "behavior": "Isolated", "invert": false},
           {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false}]},
         "post_processor": {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}},
           {"Sequence": {"id": "A", "type_id": 0}}], "pair": [{"Sequence": {"id": "A", "type_id": 0}},
           {"Sequence": {"id": "B", "type_id": 1}}], "special_tokens": {"<s>": {"id": "<s>", "ids": [8],
           "tokens": ["<s>"]}}},
         "decoder": {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true},
         "model": {"type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": null,
           "end_of_word_suffix": null, "fuse_unk": false, "byte_fallback": false, "ignore_merges": true,
           "vocab": {"a": 0, "e": 1, "h": 2, "k": 3, "t": 4, "\u0120": 5, "he": 6, "the": 7}, "merges": ["h e", "t he"]}}
        """,
        // BPE with byte fall-back and spaces as pieces, as Llama 2 has it.
        """
        {"version": "1.0", "added_tokens": [{"id": 0, "content": "<unk>", "special": true, "normalized": false,
           "single_word": false, "lstrip": false, "rstrip": false}],
         "normalizer": {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "\u2581"},
           {"type": "Replace", "pattern": {"String": " "}, "content": "\u2581"}]},
         "pre_tokenizer": null, "post_processor": null,
         "decoder": {"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "\u2581"}, "content": " "},
           {"type": "ByteFallback"}, {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]},
         "model": {"type": "BPE", "unk_token": "<unk>", "fuse_unk": true, "byte_fallback": true,
           "vocab": {"<unk>": 0, "<0x0A>": 1, "\u2581": 2, "k": 3, "e": 4, "a": 5, "ke": 6}, "merges": [["k", "e"]]}}
        """,
        // Unigram, as T5 and Gemma have it.
        """
        {"version": "1.0", "added_tokens": [],
         "normalizer": {"type": "NFKC"},
         "pre_tokenizer": {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": true},
         "post_processor": null,
         "decoder": {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": true},
         "model": {"type": "Unigram", "unk_id": 0, "byte_fallback": false,
           "vocab": [["<unk>", 0.0], ["\u2581", -2.0], ["k", -3.5], ["ea", -3.75], ["s", -4.0]]}}
        """,
        // WordPiece, as BERT has it.
        """
        {"version": "1.0", "added_tokens": [{"id": 1, "content": "[CLS]", "special": true, "normalized": false,
           "single_word": false, "lstrip": false, "rstrip": false}],
         "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": null,
           "lowercase": true},
         "pre_tokenizer": {"type": "BertPreTokenizer"},
         "post_processor": {"type": "BertProcessing", "sep": ["[SEP]", 2], "cls": ["[CLS]", 1]},
         "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": true},
         "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
           "max_input_chars_per_word": 100, "vocab": {"[UNK]": 0, "[CLS]": 1, "[SEP]": 2, "the": 3, "k": 4, "##ea": 5}}}
        """,
        // Whole words.
        """
        {"version": "1.0", "added_tokens": [], "normalizer": {"type": "Lowercase"},
         "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, {"type": "Punctuation",
           "behavior": "Isolated"}, {"type": "Digits", "individual_digits": true}]},
         "post_processor": {"type": "RobertaProcessing", "sep": ["</s>", 1], "cls": ["<s>", 0], "trim_offsets": true,
           "add_prefix_space": true},
         "decoder": null,
         "model": {"type": "WordLevel", "unk_token": "<s>", "vocab": {"<s>": 0, "</s>": 1, "the": 2, "kea": 3}}}
        """
    };

    private TokenizerSeeds() {}
}
