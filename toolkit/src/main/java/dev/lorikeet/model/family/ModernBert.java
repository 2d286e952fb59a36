package dev.lorikeet.model.family;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.lorikeet.model.config.Activation;
import dev.lorikeet.model.config.Attention;
import dev.lorikeet.model.config.Biases;
import dev.lorikeet.model.config.EncoderConfig;
import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.model.config.ModelConfigBuilder;
import dev.lorikeet.model.config.NormKind;
import dev.lorikeet.model.config.Part;
import dev.lorikeet.model.config.Rope;
import dev.lorikeet.model.spec.EncoderSettings;
import dev.lorikeet.model.spec.Family;
import dev.lorikeet.model.spec.Fields;
import dev.lorikeet.model.spec.LayerWindows;
import dev.lorikeet.model.spec.RopeJson;
import dev.lorikeet.model.spec.Setting;
import dev.lorikeet.model.spec.Settings;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * ModernBERT (Warner et al. 2024): an encoder with rotary positions and gated MLPs, in which two of three layers see a window on both
 * sides.
 */
final class ModernBert {

    static final Family FAMILY = Family.named("modernbert", "ModernBertModel")
            .layers(config -> config.norm(NormKind.LAYER_UNBIASED).encoder(config.encoder()))
            .settings(EncoderSettings.sizes(
                    "hidden_size", "num_hidden_layers", "intermediate_size", "num_attention_heads"))
            .settings(
                    EncoderSettings.context(8192),
                    EncoderSettings.normEpsilon("norm_eps", 1e-5),
                    Settings.activation("hidden_activation", Activation.GELU),
                    new BiasesAndPooler(),
                    new LayerKinds(),
                    Settings.tied(true))
            .layerPath("model.layers")
            .optionalPrefix("model.")
            .withoutParts()
            .part(Part.TOKENS, "model.embeddings.tok_embeddings")
            .part(Part.EMBEDDING_NORM, "model.embeddings.norm")
            .part(Part.ATTENTION_NORM, "attn_norm")
            .part(Part.QUERY_KEY_VALUE, "attn.Wqkv")
            .part(Part.ATTENTION_OUT, "attn.Wo")
            .part(Part.MLP_NORM, "mlp_norm")
            .part(Part.GATE_UP, "mlp.Wi")
            .part(Part.DOWN, "mlp.Wo")
            .part(Part.FINAL_NORM, "model.final_norm")
            .part(Part.POOLER, "head.dense")
            .part(Part.POOLER_NORM, "head.norm")
            .withoutInFirstLayer(Part.ATTENTION_NORM)
            .classifier("classifier")
            .poolsTokens()
            .defaultTargets("Wqkv")
            .build();

    private ModernBert() {}

    private static final class BiasesAndPooler implements Setting {

        private static final String ATTENTION = "attention_bias";
        private static final String MLP = "mlp_bias";
        private static final String NORM = "norm_bias";
        private static final String POOLER = "classifier_bias";
        private static final String ACTIVATION = "classifier_activation";
        private static final String POOLING = "classifier_pooling";
        private static final String MEAN = "mean";
        private static final String FIRST = "cls";

        @Override
        public void read(Fields json, ModelConfigBuilder config) {
            boolean attention = json.flag(ATTENTION, false);
            config.biases(new Biases(attention, attention, json.flag(MLP, false)));
            config.norm(json.flag(NORM, false) ? NormKind.LAYER : NormKind.LAYER_UNBIASED);
            String pooling = json.text(POOLING, FIRST);
            if (!pooling.equals(FIRST) && !pooling.equals(MEAN)) {
                throw json.unsupported(POOLING, "\"cls\" or \"mean\"");
            }
            Activation activation = Settings.activation(json, ACTIVATION, Activation.GELU);
            config.encoder(EncoderConfig.plain()
                    .withPooler(activation, json.flag(POOLER, false), true)
                    .withAverages(pooling.equals(MEAN)));
        }

        @Override
        public void write(ModelConfig config, JsonObject json) {
            EncoderConfig encoder = config.encoder().orElseThrow();
            json.addProperty(ATTENTION, config.biases().queryKeyValue());
            json.addProperty(MLP, config.biases().mlp());
            json.addProperty(NORM, config.norm() == NormKind.LAYER);
            json.addProperty(POOLER, encoder.poolerBias());
            json.addProperty(ACTIVATION, Settings.name(encoder.pooler()));
            json.addProperty(POOLING, encoder.averages() ? MEAN : FIRST);
        }
    }

    /** Which layers have a window, and rotary positions of those and of the others. */
    private static final class LayerKinds implements Setting {

        private static final String TYPES = "layer_types";
        private static final String WINDOW = "local_attention";

        @Override
        public void read(Fields json, ModelConfigBuilder config) {
            // As many tokens on each side as half of the setting says, and the token itself.
            int window = json.size(WINDOW, 128) / 2 + 1;
            int period = json.size("global_attn_every_n_layers", 3);
            IntPredicate sliding =
                    json.has(TYPES) ? LayerWindows.listed(json, config.layers()) : layer -> layer % period != 0;
            Fields parameters = json.within("rope_parameters");
            Rope everywhere = rope(json, parameters.within(LayerWindows.FULL), config, "global_rope_theta", 160_000);
            Rope local = rope(json, parameters.within(LayerWindows.SLIDING), config, "local_rope_theta", 10_000);
            config.eachLayer((layer, before) -> sliding.test(layer)
                    ? new Attention(window, Optional.of(local))
                    : new Attention(Attention.FULL, Optional.of(everywhere)));
        }

        private static Rope rope(Fields json, Fields rope, ModelConfigBuilder config, String older, double absent) {
            double theta = rope.number("rope_theta", json.number(older, absent));
            return new Rope(theta, config.headDim(), RopeJson.scaling(json, rope, config));
        }

        @Override
        public void write(ModelConfig config, JsonObject json) {
            JsonArray types = new JsonArray();
            JsonObject parameters = new JsonObject();
            config.attention().forEach(look -> {
                String type = look.isWindowed() ? LayerWindows.SLIDING : LayerWindows.FULL;
                types.add(type);
                parameters.add(type, RopeJson.parameters(look.rope().orElseThrow(), config));
                if (look.isWindowed()) {
                    json.addProperty(WINDOW, 2 * (look.window() - 1));
                }
            });
            json.add(TYPES, types);
            json.add("rope_parameters", parameters);
        }
    }
}
