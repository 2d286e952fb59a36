package dev.lorikeet.model.family;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.lorikeet.model.config.Activation;
import dev.lorikeet.model.config.Attention;
import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.model.config.ModelConfigBuilder;
import dev.lorikeet.model.spec.Family;
import dev.lorikeet.model.spec.Fields;
import dev.lorikeet.model.spec.GgufFields;
import dev.lorikeet.model.spec.GgufKeys;
import dev.lorikeet.model.spec.LayerWindows;
import dev.lorikeet.model.spec.LlamaDefaults;
import dev.lorikeet.model.spec.RopeSettings;
import dev.lorikeet.model.spec.Setting;
import dev.lorikeet.model.spec.Settings;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/** SmolLM3 (Hugging Face 2025): a Llama in which every fourth layer has no rotary positions. */
final class SmolLm3 {

    private static final int INTERVAL = 4;

    static final Family FAMILY = Family.named("smollm3", "SmolLM3ForCausalLM")
            .gguf("smollm3")
            .interleavesRotaryInGguf()
            .settings(LlamaDefaults.shapeAnd(
                    Settings.activation("hidden_act", Activation.SILU),
                    Settings.biasesNotInGguf("attention_bias", "mlp_bias"),
                    RopeSettings.of(2_000_000),
                    new LayersWithoutRope(),
                    LayerWindows.where(json -> LayersWithoutRope.rule(json)),
                    Settings.tied(true)))
            .build();

    private SmolLm3() {}

    /** Which layers have no rotary positions: those with a 0 in "no_rope_layers", or each fourth. */
    private static final class LayersWithoutRope implements Setting {

        private static final String LIST = "no_rope_layers";

        static IntPredicate rule(Fields json) {
            if (json.has(LIST)) {
                List<Double> flags = json.numbers(LIST);
                return layer -> layer < flags.size() && flags.get(layer) == 0;
            }
            return every(json.size("no_rope_layer_interval", INTERVAL));
        }

        private static IntPredicate every(int interval) {
            return layer -> (layer + 1) % interval == 0;
        }

        private static void set(ModelConfigBuilder config, IntPredicate without) {
            config.eachLayer(
                    (layer, before) -> without.test(layer) ? new Attention(before.window(), Optional.empty()) : before);
        }

        @Override
        public void read(Fields json, ModelConfigBuilder config) {
            if (json.has(LIST) && json.numbers(LIST).size() != config.layers()) {
                throw json.unsupported(LIST, "a 1 or a 0 for each of %d layers".formatted(config.layers()));
            }
            set(config, rule(json));
        }

        @Override
        public void write(ModelConfig config, JsonObject json) {
            JsonArray flags = new JsonArray();
            config.attention().forEach(look -> flags.add(look.rope().isPresent() ? 1 : 0));
            json.add(LIST, flags);
        }

        @Override
        public void readGguf(GgufFields file, ModelConfigBuilder config) {
            set(config, every(INTERVAL));
        }

        @Override
        public void writeGguf(ModelConfig config, GgufKeys keys) {
            for (int layer = 0; layer < config.layers(); layer++) {
                if (config.attention().get(layer).rope().isPresent()
                        == every(INTERVAL).test(layer)) {
                    throw Settings.noPlace(config, "other layers without rotary positions than each fourth");
                }
            }
        }
    }
}
