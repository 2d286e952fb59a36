package dev.lorikeet.model.spec;

import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.model.config.Activation;
import dev.lorikeet.model.config.Biases;
import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.model.config.ModelConfigBuilder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ObjDoubleConsumer;
import java.util.function.ObjIntConsumer;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;

/** The settings that families share, and the ways to describe one of their own. */
public final class Settings {

    private static final String TIED = "tie_word_embeddings";

    /** The names that transformers has for activations. */
    private static final Map<String, Activation> ACTIVATIONS = activations();

    private Settings() {}

    private static Map<String, Activation> activations() {
        Map<String, Activation> names = new LinkedHashMap<>();
        names.put("silu", Activation.SILU);
        names.put("swish", Activation.SILU);
        names.put("gelu_pytorch_tanh", Activation.GELU_TANH);
        names.put("gelu_new", Activation.GELU_TANH);
        names.put("gelu", Activation.GELU);
        names.put("relu", Activation.RELU);
        names.put("tanh", Activation.TANH);
        return names;
    }

    /** A whole number that a file must have. */
    public static Setting integer(
            String json, String gguf, ToIntFunction<ModelConfig> get, ObjIntConsumer<ModelConfigBuilder> set) {
        return integer(json, gguf, get, set, null);
    }

    /** A whole number; {@code absent} gives it where a file lacks it. */
    public static Setting integer(
            String json,
            String gguf,
            ToIntFunction<ModelConfig> get,
            ObjIntConsumer<ModelConfigBuilder> set,
            ToIntFunction<ModelConfigBuilder> absent) {
        return integer(json, gguf, get, set, absent, absent);
    }

    /** A whole number with another default in GGUF files; null where a file must have it. */
    static Setting integer(
            String json,
            String gguf,
            ToIntFunction<ModelConfig> get,
            ObjIntConsumer<ModelConfigBuilder> set,
            ToIntFunction<ModelConfigBuilder> absent,
            ToIntFunction<ModelConfigBuilder> absentInGguf) {
        return new Setting() {
            @Override
            public void read(Fields fields, ModelConfigBuilder config) {
                set.accept(
                        config,
                        absent == null ? fields.integer(json) : fields.integer(json, absent.applyAsInt(config)));
            }

            @Override
            public void write(ModelConfig config, JsonObject fields) {
                fields.addProperty(json, get.applyAsInt(config));
            }

            @Override
            public void readGguf(GgufFields file, ModelConfigBuilder config) {
                Fields keys = file.keys();
                set.accept(
                        config,
                        absentInGguf == null
                                ? keys.integer(gguf)
                                : keys.integer(gguf, absentInGguf.applyAsInt(config)));
            }

            @Override
            public void writeGguf(ModelConfig config, GgufKeys keys) {
                keys.integer(gguf, get.applyAsInt(config));
            }
        };
    }

    /** A number with a default; GGUF keeps it as a float32 under a key of its own. */
    public static Setting number(
            String json,
            String gguf,
            ToDoubleFunction<ModelConfig> get,
            ObjDoubleConsumer<ModelConfigBuilder> set,
            double absent) {
        return new Setting() {
            @Override
            public void read(Fields fields, ModelConfigBuilder config) {
                set.accept(config, fields.number(json, absent));
            }

            @Override
            public void write(ModelConfig config, JsonObject fields) {
                fields.addProperty(json, shortened(get.applyAsDouble(config)));
            }

            @Override
            public void readGguf(GgufFields file, ModelConfigBuilder config) {
                set.accept(config, file.keys().number(gguf, absent));
            }

            @Override
            public void writeGguf(ModelConfig config, GgufKeys keys) {
                keys.number(gguf, get.applyAsDouble(config));
            }
        };
    }

    /** A float32 in GGUF: 1e-5 is not 9.999999747378752E-6. */
    static double shortened(double number) {
        return (double) (float) number == number ? Double.parseDouble(Float.toString((float) number)) : number;
    }

    /** What to throw where a GGUF file of a family cannot hold a setting. */
    public static LorikeetException noPlace(ModelConfig config, String what) {
        return new LorikeetException(
                "GGUF files of a %s have no place for %s; save a folder".formatted(config.family(), what));
    }

    /** The number that norms add to a mean of squares. */
    public static Setting normEpsilon(double absent) {
        return number(
                "rms_norm_eps",
                "attention.layer_norm_rms_epsilon",
                ModelConfig::normEpsilon,
                ModelConfigBuilder::normEpsilon,
                absent);
    }

    /** The rows of the token table, which a GGUF file tells by the table itself. */
    public static Setting vocabSize() {
        return new Setting() {
            @Override
            public void read(Fields fields, ModelConfigBuilder config) {
                config.vocabSize(fields.integer("vocab_size"));
            }

            @Override
            public void write(ModelConfig config, JsonObject fields) {
                fields.addProperty("vocab_size", config.vocabSize());
            }

            @Override
            public void readGguf(GgufFields file, ModelConfigBuilder config) {
                Shape table = file.file().entry("token_embd.weight").shape();
                if (table.dimension() != 2 || table.get(0) > Integer.MAX_VALUE) {
                    throw new BadFileException(
                            file.file().path(), "\"token_embd.weight\" is %s; expected a table".formatted(table));
                }
                config.vocabSize((int) table.get(0));
            }

            @Override
            public void writeGguf(ModelConfig config, GgufKeys keys) {
                keys.integer("vocab_size", config.vocabSize());
            }
        };
    }

    /** Whether the head is the token table, which a GGUF file tells by lacking the head. */
    public static Setting tied(boolean absent) {
        return new Setting() {
            @Override
            public void read(Fields fields, ModelConfigBuilder config) {
                config.tiedEmbeddings(fields.flag(TIED, absent));
            }

            @Override
            public void write(ModelConfig config, JsonObject fields) {
                fields.addProperty(TIED, config.tiedEmbeddings());
            }

            @Override
            public void readGguf(GgufFields file, ModelConfigBuilder config) {
                config.tiedEmbeddings(!file.hasTensor("output.weight"));
            }
        };
    }

    /** Refuses to write a GGUF file whose head is not the token table, for a family of which llama.cpp knows no other. */
    public static Setting tiedInGguf() {
        return new Setting() {
            @Override
            public void writeGguf(ModelConfig config, GgufKeys keys) {
                if (!config.tiedEmbeddings()) {
                    throw noPlace(config, "a head that is not the token table");
                }
            }
        };
    }

    /**
     * The activation of the MLP, for which GGUF has no key.
     *
     * @param absent where config.json lacks it, and in GGUF files
     */
    public static Setting activation(String json, Activation absent) {
        return new Setting() {
            @Override
            public void read(Fields fields, ModelConfigBuilder config) {
                config.activation(activation(fields, json, absent));
            }

            @Override
            public void write(ModelConfig config, JsonObject fields) {
                fields.addProperty(json, name(config.activation()));
            }

            @Override
            public void readGguf(GgufFields file, ModelConfigBuilder config) {
                config.activation(absent);
            }

            @Override
            public void writeGguf(ModelConfig config, GgufKeys keys) {
                if (config.activation() != absent) {
                    throw noPlace(config, "the activation " + name(config.activation()));
                }
            }
        };
    }

    /** Reads an activation by the name that transformers has for it. */
    public static Activation activation(Fields fields, String json, Activation absent) {
        if (!fields.has(json)) {
            return absent;
        }
        Activation found = ACTIVATIONS.get(fields.text(json));
        if (found == null) {
            throw fields.unsupported(json, "one of " + String.join(", ", ACTIVATIONS.keySet()));
        }
        return found;
    }

    /** The name that transformers has for an activation. */
    public static String name(Activation activation) {
        return ACTIVATIONS.entrySet().stream()
                .filter(entry -> entry.getValue() == activation)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }

    /**
     * The biases of the projections, which a GGUF file tells by their tensors.
     *
     * @param attention the key for those of the attention, or null for none
     * @param mlp the key for those of the MLP, or null for none
     */
    public static Setting biases(String attention, String mlp) {
        return biases(attention, mlp, true);
    }

    /** As {@link #biases}, for a family whose GGUF files llama.cpp refuses with such biases. */
    public static Setting biasesNotInGguf(String attention, String mlp) {
        return biases(attention, mlp, false);
    }

    private static Setting biases(String attention, String mlp, boolean inGguf) {
        return new Setting() {
            @Override
            public void writeGguf(ModelConfig config, GgufKeys keys) {
                if (!inGguf && !config.biases().equals(Biases.NONE)) {
                    throw noPlace(config, "biases of projections");
                }
            }

            @Override
            public void read(Fields fields, ModelConfigBuilder config) {
                boolean attends = attention != null && fields.flag(attention, false);
                config.biases(new Biases(attends, attends, mlp != null && fields.flag(mlp, false)));
            }

            @Override
            public void write(ModelConfig config, JsonObject fields) {
                if (attention != null) {
                    fields.addProperty(attention, config.biases().queryKeyValue());
                }
                if (mlp != null) {
                    fields.addProperty(mlp, config.biases().mlp());
                }
            }

            @Override
            public void readGguf(GgufFields file, ModelConfigBuilder config) {
                config.biases(new Biases(
                        file.hasTensor("blk.0.attn_q.bias"),
                        file.hasTensor("blk.0.attn_output.bias"),
                        file.hasTensor("blk.0.ffn_gate.bias")));
            }
        };
    }

    /** Refuses a config.json in which a key has another value than this one. */
    public static Setting only(String json, Object value) {
        return new Setting() {
            @Override
            public void read(Fields fields, ModelConfigBuilder config) {
                if (value instanceof Number number) {
                    fields.require(json, number);
                } else if (value instanceof Boolean flag) {
                    fields.require(json, flag);
                } else {
                    fields.require(json, value.toString());
                }
            }

            @Override
            public void write(ModelConfig config, JsonObject fields) {
                // The default of transformers.
            }
        };
    }

    /** Refuses a GGUF file in which a key has another number than this one. */
    public static Setting onlyInGguf(String gguf, int value) {
        return new Setting() {
            @Override
            public void readGguf(GgufFields file, ModelConfigBuilder config) {
                file.keys().require(gguf, value);
            }
        };
    }

    /** The width of a head. GGUF has it for keys and for values, which may differ elsewhere. */
    public static Setting headDim(ToIntFunction<ModelConfigBuilder> absent) {
        return new Setting() {
            @Override
            public void read(Fields fields, ModelConfigBuilder config) {
                config.headDim(fields.integer("head_dim", absent.applyAsInt(config)));
            }

            @Override
            public void write(ModelConfig config, JsonObject fields) {
                fields.addProperty("head_dim", config.headDim());
            }

            @Override
            public void readGguf(GgufFields file, ModelConfigBuilder config) {
                Fields keys = file.keys();
                config.headDim(keys.integer("attention.key_length", config.headDim()));
                keys.require("attention.value_length", config.headDim());
            }

            @Override
            public void writeGguf(ModelConfig config, GgufKeys keys) {
                keys.integer("attention.key_length", config.headDim());
                keys.integer("attention.value_length", config.headDim());
            }
        };
    }
}
