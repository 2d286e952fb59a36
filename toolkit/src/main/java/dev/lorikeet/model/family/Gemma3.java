package dev.lorikeet.model.family;

import com.google.gson.JsonObject;
import dev.lorikeet.model.config.Attention;
import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.model.config.ModelConfigBuilder;
import dev.lorikeet.model.config.Part;
import dev.lorikeet.model.config.Rope;
import dev.lorikeet.model.config.RopeScaling;
import dev.lorikeet.model.spec.Family;
import dev.lorikeet.model.spec.Fields;
import dev.lorikeet.model.spec.GgufFields;
import dev.lorikeet.model.spec.GgufKeys;
import dev.lorikeet.model.spec.LayerWindows;
import dev.lorikeet.model.spec.RopeGguf;
import dev.lorikeet.model.spec.RopeJson;
import dev.lorikeet.model.spec.RopeTensors;
import dev.lorikeet.model.spec.Setting;
import dev.lorikeet.model.spec.Settings;
import java.util.Optional;

/**
 * Gemma 3, its text models (Gemma team 2025): norms of queries and keys in place of a cap on scores, and five layers with a window and
 * rotary positions of their own for each layer that sees all.
 */
final class Gemma3 {

    private static final int LAYERS_OF_27B = 62;

    static final Family FAMILY = Gemma.named(
                    "gemma3_text",
                    "Gemma3ForCausalLM",
                    LAYERS_OF_27B,
                    Gemma.logitSoftcap(0),
                    LayerWindows.periodic(6),
                    new TwoRopes())
            .gguf("gemma3")
            .part(Part.QUERY_NORM, "self_attn.q_norm", "attn_q_norm")
            .part(Part.KEY_NORM, "self_attn.k_norm", "attn_k_norm")
            .build();

    private Gemma3() {}

    /** Rotary positions of the layers that see all, and of those with a window. */
    private static final class TwoRopes implements Setting {

        private static final double THETA = 1_000_000;
        private static final double LOCAL_THETA = 10_000;
        private static final String LOCAL_KEY = "rope_local_base_freq";
        private static final String LOCAL_GGUF = "rope.freq_base_swa";

        @Override
        public void read(Fields json, ModelConfigBuilder config) {
            Fields parameters = json.within("rope_parameters");
            Fields full = parameters.within(LayerWindows.FULL);
            // Since transformers 5 one without "rope_type" changes nothing.
            if (json.within("rope_scaling").has("rope_type")) {
                full = json.within("rope_scaling");
            }
            Rope everywhere = rope(json, full, config, json.number("rope_theta", THETA));
            Rope local =
                    rope(json, parameters.within(LayerWindows.SLIDING), config, json.number(LOCAL_KEY, LOCAL_THETA));
            set(config, everywhere, local);
        }

        private static Rope rope(Fields json, Fields rope, ModelConfigBuilder config, double theta) {
            return new Rope(rope.number("rope_theta", theta), config.headDim(), RopeJson.scaling(json, rope, config));
        }

        private static void set(ModelConfigBuilder config, Rope everywhere, Rope local) {
            config.eachLayer((layer, before) ->
                    new Attention(before.window(), Optional.of(before.isWindowed() ? local : everywhere)));
        }

        private static Optional<Rope> rope(ModelConfig config, boolean windowed) {
            return config.attention().stream()
                    .filter(look -> look.isWindowed() == windowed)
                    .flatMap(look -> look.rope().stream())
                    .findFirst();
        }

        @Override
        public void write(ModelConfig config, JsonObject json) {
            Rope everywhere = rope(config, false).orElse(Rope.of(THETA, config.headDim()));
            Rope local = rope(config, true).orElse(Rope.of(LOCAL_THETA, config.headDim()));
            JsonObject parameters = new JsonObject();
            parameters.add(LayerWindows.FULL, RopeJson.parameters(everywhere, config));
            parameters.add(LayerWindows.SLIDING, RopeJson.parameters(local, config));
            json.add("rope_parameters", parameters);
            RopeJson.writeContext(everywhere, json);
            RopeJson.writeContext(local, json);
        }

        @Override
        public void readGguf(GgufFields file, ModelConfigBuilder config) {
            Rope everywhere = RopeGguf.read(file, config, false);
            set(config, everywhere, Rope.of(file.keys().number(LOCAL_GGUF, LOCAL_THETA), config.headDim()));
        }

        @Override
        public void writeGguf(ModelConfig config, GgufKeys keys) {
            Rope local = rope(config, true).orElse(Rope.of(LOCAL_THETA, config.headDim()));
            if (!(local.scaling() instanceof RopeScaling.Unscaled)) {
                throw Settings.noPlace(config, "scaled rotary positions in layers with a window");
            }
            RopeGguf.write(
                    rope(config, false).orElse(Rope.of(THETA, config.headDim())), config, keys, RopeTensors.NONE);
            keys.number(LOCAL_GGUF, local.theta());
        }
    }
}
