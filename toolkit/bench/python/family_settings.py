"""What the families check tries: for each family small models with several settings."""

import dataclasses
from dataclasses import dataclass
from typing import Any

WINDOW = 16
ORIGINAL = 32  # the context that rotary scaling starts from; the texts are longer
CONTEXT = 128
THETA = 500.0


@dataclass(frozen=True)
class Setting:
    """A model type of transformers with changes to the family's base."""

    family: str
    name: str
    model_type: str
    config: dict[str, Any]
    not_in_llama_cpp: str = ""  # what llama.cpp lacks for it: that we refuse to write a GGUF file is right
    depends_on_length: bool = False  # rotary positions that change as the text grows

    @property
    def path(self) -> str:
        return f"{self.family}-{self.name}"


def rope(kind: str = "default", **more: Any) -> dict[str, Any]:
    return {"rope_type": kind, "rope_theta": THETA, **more}


LINEAR = rope("linear", factor=4.0)
DYNAMIC = rope("dynamic", factor=4.0)
YARN = rope("yarn", factor=4.0, original_max_position_embeddings=ORIGINAL)
YARN_ATTENTION = YARN | {"attention_factor": 1.2}
YARN_BETAS = YARN | {"beta_fast": 4.0, "beta_slow": 2.0}
LLAMA3 = rope("llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=ORIGINAL)

GROUPED = {"num_key_value_heads": 2}
ODD = {"head_dim": 24, "num_key_value_heads": 4}  # eight heads of 24, not of 64 / 8
TIED = {"tie_word_embeddings": True}
UNTIED = {"tie_word_embeddings": False}

NO_DYNAMIC = "dynamic scaling"
NO_BETAS = "yarn's betas of this family"
NO_BIAS = "a bias on the output projection"
NO_WINDOW = "windows of this family"
NO_LLAMA3 = "llama3 scaling of this family"
NO_HEAD_WIDTH = "heads of another width than the model's through their number"
NO_SOFTCAPS = "attention without softcaps in this family"
NO_SCALAR = "query_pre_attn_scalar"
NO_LAYERS = "a pattern of layers of the model's own"
NO_UNTIED = "an untied head of this family"


def family(name: str, model_type: str, base: dict[str, Any], *settings: Setting) -> tuple[Setting, ...]:
    """The settings with the family's base under their changes."""
    return tuple(dataclasses.replace(setting, family=name, model_type=model_type, config=base | setting.config)
                 for setting in settings)


def case(name: str, config: dict[str, Any] | None = None, lacks: str = "", **more: Any) -> Setting:
    return Setting("", name, "", config or {}, not_in_llama_cpp=lacks, **more)


def scaled(llama3: str = "") -> tuple[Setting, ...]:
    """Each kind of scaled rotary positions that every family has."""
    return (
        case("linear", {"rope_parameters": LINEAR}),
        case("dynamic", {"rope_parameters": DYNAMIC, "max_position_embeddings": ORIGINAL}, NO_DYNAMIC, depends_on_length=True),
        case("yarn", {"rope_parameters": YARN}),
        case("yarn-attention-factor", {"rope_parameters": YARN_ATTENTION}),
        case("yarn-betas", {"rope_parameters": YARN_BETAS}, NO_BETAS),
        case("llama3", {"rope_parameters": LLAMA3}, llama3),
    )


# ---- GPT-2 -----------------------------------------------------------------------------------------------------

GPT2 = {"n_embd": 64, "n_layer": 2, "n_head": 8, "n_positions": CONTEXT, "resid_pdrop": 0, "embd_pdrop": 0, "attn_pdrop": 0}

# ---- Llama and those like it -----------------------------------------------------------------------------------

LLAMA = {"hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 2, "num_attention_heads": 8,
         "num_key_value_heads": 8, "max_position_embeddings": CONTEXT, "rope_parameters": rope(), "rms_norm_eps": 1e-5}
BIASED = {"attention_bias": True, "mlp_bias": True}
UPPER_WINDOW = {"use_sliding_window": True, "sliding_window": WINDOW, "max_window_layers": 1}

# ---- Gemma -----------------------------------------------------------------------------------------------------

GEMMA = LLAMA | {"head_dim": 8, "num_key_value_heads": 2, "sliding_window": WINDOW, "query_pre_attn_scalar": 8,
                 "tie_word_embeddings": True}
GEMMA2 = GEMMA | {"attn_logit_softcapping": 4.0, "final_logit_softcapping": 6.0}
FULL_BEFORE_SLIDING = {"layer_types": ["full_attention", "sliding_attention"]}


def on_full_layers(kind: dict[str, Any]) -> dict[str, Any]:
    """Rotary positions of the layers without a window; those with one have a base of their own."""
    return {"rope_parameters": {"full_attention": kind, "sliding_attention": rope() | {"rope_theta": 50.0}}}


GEMMA3 = GEMMA | {"num_hidden_layers": 7} | on_full_layers(rope())

# ---- Phi-3 -----------------------------------------------------------------------------------------------------

PHI3 = LLAMA | {"original_max_position_embeddings": CONTEXT}
PHI3_SCALED = {"original_max_position_embeddings": ORIGINAL}


def partial(kind: dict[str, Any]) -> dict[str, Any]:
    """Three quarters of a head turn: 12 of 16 features."""
    return {"num_attention_heads": 4, "num_key_value_heads": 2, "partial_rotary_factor": 0.75,
            "rope_parameters": kind | {"partial_rotary_factor": 0.75}}


def longrope(original: int, context: int, pairs: int) -> dict[str, Any]:
    return {"original_max_position_embeddings": original, "max_position_embeddings": context,
            "rope_parameters": rope("longrope", short_factor=[1 + 0.1 * i for i in range(pairs)],
                                    long_factor=[1.5 + 0.5 * i for i in range(pairs)])}


LONG = longrope(ORIGINAL, CONTEXT, 4)
PARTIAL_LONG = partial(longrope(ORIGINAL, CONTEXT, 6)["rope_parameters"]) | PHI3_SCALED

# ----------------------------------------------------------------------------------------------------------------

SETTINGS = (
    *family("gpt2", "gpt2", GPT2,
            case("tied"),
            case("odd", {"n_embd": 192, "n_inner": 128}),
            case("untied", UNTIED)),
    *family("llama", "llama", LLAMA,
            case("default"),
            case("grouped", GROUPED),
            case("odd", ODD),
            case("tied", TIED),
            case("biased", BIASED | GROUPED),
            *scaled()),
    *family("mistral", "mistral", LLAMA | GROUPED | {"sliding_window": None, "head_dim": 8},
            case("grouped"),
            case("window", {"sliding_window": WINDOW}, NO_WINDOW),
            case("odd", ODD),
            case("tied", TIED),
            *scaled()),
    *family("qwen2", "qwen2", LLAMA | GROUPED,
            case("grouped"),
            case("odd", ODD, NO_HEAD_WIDTH),
            case("tied", TIED),
            case("window", UPPER_WINDOW, NO_WINDOW),
            *scaled(NO_LLAMA3)),
    *family("qwen3", "qwen3", LLAMA | GROUPED | {"head_dim": 8},
            case("grouped"),
            case("odd", ODD),
            case("tied", TIED),
            case("biased", {"attention_bias": True}, NO_BIAS),
            case("window", UPPER_WINDOW, NO_WINDOW),
            *scaled(NO_LLAMA3)),
    *family("gemma2", "gemma2", GEMMA2,
            case("grouped"),
            case("odd", ODD | {"query_pre_attn_scalar": 24}),
            case("untied", UNTIED, NO_UNTIED),
            case("scalar", {"query_pre_attn_scalar": 20}, NO_SCALAR),
            case("without-softcaps", {"attn_logit_softcapping": None, "final_logit_softcapping": None}, NO_SOFTCAPS),
            case("biased", {"attention_bias": True}, NO_BIAS),
            case("layers", FULL_BEFORE_SLIDING, NO_LAYERS),
            *scaled(NO_LLAMA3)),
    *family("gemma3", "gemma3_text", GEMMA3,
            case("grouped"),
            case("odd", ODD | {"query_pre_attn_scalar": 24}),
            case("untied", UNTIED),
            case("scalar", {"query_pre_attn_scalar": 20}, NO_SCALAR),
            case("softcap", {"final_logit_softcapping": 6.0}),
            case("biased", {"attention_bias": True}, NO_BIAS),
            case("layers", FULL_BEFORE_SLIDING | {"num_hidden_layers": 2}, NO_LAYERS),
            case("linear", on_full_layers(LINEAR)),
            case("dynamic", on_full_layers(DYNAMIC) | {"max_position_embeddings": ORIGINAL}, NO_DYNAMIC, depends_on_length=True),
            case("yarn", on_full_layers(YARN)),
            case("llama3", on_full_layers(LLAMA3), NO_LLAMA3)),
    *family("phi3", "phi3", PHI3,
            case("default"),
            case("grouped", GROUPED),
            case("odd", ODD, NO_HEAD_WIDTH),
            case("tied", TIED),
            case("window", {"sliding_window": WINDOW}, NO_WINDOW),
            case("partial", partial(rope())),
            case("partial-tied-longrope", PARTIAL_LONG | TIED),
            case("longrope", LONG),
            case("longrope-short-text", longrope(256, 1024, 4)),
            case("longrope-from-short-to-long", longrope(84, 336, 4), "changing the factors as a text grows",
                 depends_on_length=True)),
    *family("smollm3", "smollm3", LLAMA | GROUPED | {"num_hidden_layers": 5, "tie_word_embeddings": True},
            case("grouped"),
            case("odd", ODD),
            case("untied", UNTIED),
            case("layers", {"no_rope_layers": [1, 0, 1, 1, 0]}, NO_LAYERS),
            case("all-turn", {"no_rope_layers": [1, 1, 1, 1, 1]}, NO_LAYERS),
            case("biased", BIASED, NO_BIAS),
            case("window", {"use_sliding_window": True, "sliding_window": WINDOW,
                            "layer_types": ["sliding_attention", "full_attention"] * 2 + ["sliding_attention"]}, NO_WINDOW),
            *scaled(NO_LLAMA3)),
    *family("olmo2", "olmo2", LLAMA,
            case("default"),
            case("grouped", GROUPED),
            case("odd", ODD, NO_HEAD_WIDTH),
            case("tied", TIED),
            case("biased", {"attention_bias": True}, NO_BIAS),
            *scaled(NO_LLAMA3)),
    *family("granite", "granite", LLAMA | GROUPED | {"embedding_multiplier": 3.0, "attention_multiplier": 0.2,
                                                     "residual_multiplier": 0.6, "logits_scaling": 2.0},
            case("grouped"),
            case("odd", ODD),
            case("tied", TIED),
            case("biased", BIASED),
            *scaled()),
)

# What PEFT adapts if nothing is said, where it knows: it has no defaults for some of these families.
DEFAULT_TARGETS = {"phi3": ["qkv_proj"], "smollm3": ["q_proj", "v_proj"], "olmo2": ["q_proj", "v_proj"],
                   "granite": ["q_proj", "v_proj"]}
