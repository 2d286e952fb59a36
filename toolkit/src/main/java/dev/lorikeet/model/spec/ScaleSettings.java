package dev.lorikeet.model.spec;

import com.google.gson.JsonObject;
import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.model.config.ModelConfigBuilder;
import dev.lorikeet.model.config.Scales;
import java.util.function.BiFunction;
import java.util.function.ToDoubleFunction;

/** The settings that fill {@link Scales}: fixed factors, and caps on attention scores and logits. */
public final class ScaleSettings {

    private ScaleSettings() {}

    /** One of the {@link Scales}. */
    public static Setting scale(
            String json,
            String gguf,
            ToDoubleFunction<Scales> get,
            BiFunction<Scales, Double, Scales> set,
            double absent) {
        return Settings.number(
                json,
                gguf,
                config -> get.applyAsDouble(config.scales()),
                (config, value) -> config.scales(set.apply(config.scales(), value)),
                absent);
    }

    /** A cap on scores or logits, one of the {@link Scales}; a null in config.json means none. */
    public static Setting softcap(
            String json,
            String gguf,
            ToDoubleFunction<Scales> get,
            BiFunction<Scales, Double, Scales> set,
            double absent) {
        return new Setting() {
            @Override
            public void read(Fields fields, ModelConfigBuilder config) {
                double cap = fields.mentions(json) ? fields.number(json, 0) : absent;
                config.scales(set.apply(config.scales(), cap));
            }

            @Override
            public void write(ModelConfig config, JsonObject fields) {
                double cap = get.applyAsDouble(config.scales());
                fields.addProperty(json, cap == 0 ? null : Settings.shortened(cap));
            }

            @Override
            public void readGguf(GgufFields file, ModelConfigBuilder config) {
                config.scales(set.apply(config.scales(), file.keys().number(gguf, absent)));
            }

            @Override
            public void writeGguf(ModelConfig config, GgufKeys keys) {
                double cap = get.applyAsDouble(config.scales());
                if (cap == 0 && absent != 0) {
                    throw Settings.noPlace(config, "a model without " + json);
                }
                if (cap != 0) {
                    keys.number(gguf, cap);
                }
            }
        };
    }

    /** Token vectors times the square root of the hidden size. */
    public static Setting embeddingTimesRootOfHiddenSize() {
        return new Setting() {
            @Override
            public void read(Fields fields, ModelConfigBuilder config) {
                config.scales(config.scales().withEmbedding(Math.sqrt(config.hiddenSize())));
            }

            @Override
            public void write(ModelConfig config, JsonObject fields) {
                // It follows from the hidden size.
            }

            @Override
            public void readGguf(GgufFields file, ModelConfigBuilder config) {
                read(null, config);
            }
        };
    }

    /**
     * Attention scores by 1/√"query_pre_attn_scalar", for which GGUF has no key: llama.cpp takes 1/√(head width), or 1/√(hidden size /
     * heads) in a model of so many layers.
     */
    public static Setting queryPreAttentionScalar(int absent, int layersOfLargest) {
        String json = "query_pre_attn_scalar";
        return new Setting() {
            @Override
            public void read(Fields fields, ModelConfigBuilder config) {
                set(config, fields.number(json, absent));
            }

            private void set(ModelConfigBuilder config, double scalar) {
                config.scales(config.scales().withAttention(1 / Math.sqrt(scalar)));
            }

            @Override
            public void write(ModelConfig config, JsonObject fields) {
                double attention = config.scales().attention();
                fields.addProperty(json, Math.round(1 / (attention * attention)));
            }

            @Override
            public void readGguf(GgufFields file, ModelConfigBuilder config) {
                boolean largest = config.layers() == layersOfLargest;
                set(config, largest ? config.hiddenSize() / config.heads() : config.headDim());
            }

            @Override
            public void writeGguf(ModelConfig config, GgufKeys keys) {
                ModelConfigBuilder read = config.change();
                readGguf(null, read);
                if (Math.abs(read.scales().attention() - config.scales().attention()) > 1e-6) {
                    throw Settings.noPlace(config, "this " + json);
                }
            }
        };
    }
}
