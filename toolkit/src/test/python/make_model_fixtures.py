"""Writes two tiny checkpoints in Hugging Face's layout for the tests of the model room, and the logits that transformers
computes with them.

    python make_model_fixtures.py FOLDER

Needs torch, transformers, tokenizers and safetensors. Made with torch 2.7.1 and transformers 5.23.0; the same seed gives
the same bytes. The GPT-2 is saved as the hub's own are, without "transformer." in front of its names and with the causal
masks among the weights; the Llama has grouped queries, a head width of its own and an untied head.
"""

import json
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import GPT2Config, GPT2LMHeadModel, LlamaConfig, LlamaForCausalLM

SEED = 20240611
LETTERS = list("abcdefghijklmnopqrstuvwxyz") + ["Ġ", "."]
MERGES = [("t", "h"), ("th", "e"), ("Ġ", "the"), ("a", "n")]
VOCABULARY = LETTERS + [a + b for a, b in MERGES] + ["<|endoftext|>"]
CONTEXT = 24


def tokenizer():
    cut = Tokenizer(models.BPE(vocab={token: id for id, token in enumerate(VOCABULARY)}, merges=MERGES))
    cut.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    cut.decoder = decoders.ByteLevel()
    cut.add_special_tokens(["<|endoftext|>"])
    return cut


def gpt2():
    end = VOCABULARY.index("<|endoftext|>")
    config = GPT2Config(
        vocab_size=len(VOCABULARY), n_positions=CONTEXT, n_embd=8, n_layer=2, n_head=2, bos_token_id=end, eos_token_id=end
    )
    model = randomised(GPT2LMHeadModel(config))
    tensors = {name.removeprefix("transformer."): value for name, value in model.state_dict().items() if name != "lm_head.weight"}
    for layer in range(config.n_layer):
        tensors[f"h.{layer}.attn.bias"] = torch.tril(torch.ones(1, 1, CONTEXT, CONTEXT, dtype=torch.uint8))
    return model, tensors


def llama():
    end = VOCABULARY.index("<|endoftext|>")
    config = LlamaConfig(
        vocab_size=len(VOCABULARY),
        hidden_size=8,
        intermediate_size=20,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=4,
        max_position_embeddings=CONTEXT,
        rms_norm_eps=1e-5,
        rope_parameters={"rope_type": "default", "rope_theta": 500.0},
        tie_word_embeddings=False,
        bos_token_id=end,
        eos_token_id=end,
    )
    model = randomised(LlamaForCausalLM(config))
    return model, dict(model.state_dict())


def randomised(model):
    """Larger numbers than an initialisation's, so that a wrong mask, scale or position shows in the logits."""
    torch.manual_seed(SEED)
    with torch.no_grad():
        for parameter in model.parameters():
            centre = 1.0 if parameter.dim() == 1 and parameter.abs().sum() > 0 else 0.0
            parameter.copy_(centre + 0.8 * torch.randn_like(parameter))
    return model.eval()


def write(folder, model, tensors, cut):
    folder.mkdir(parents=True, exist_ok=True)
    model.config.save_pretrained(folder)
    save_file({name: value.contiguous() for name, value in tensors.items()}, folder / "model.safetensors", {"format": "pt"})
    cut.save(str(folder / "tokenizer.json"))
    prompt = "the end and the other."
    ids = cut.encode(prompt).ids
    with torch.no_grad():
        logits = model(torch.tensor([ids])).logits[0]
        greedy = model.generate(torch.tensor([ids]), max_new_tokens=6, do_sample=False, pad_token_id=0, eos_token_id=None)[0]
    expected = {"prompt": prompt, "ids": ids, "logits": logits.tolist(), "greedy_ids": greedy[len(ids) :].tolist()}
    (folder / "expected.json").write_text(json.dumps(expected) + "\n")


if __name__ == "__main__":
    target = Path(sys.argv[1])
    for name, make in {"tiny-gpt2": gpt2, "tiny-llama": llama}.items():
        write(target / name, *make(), tokenizer())
