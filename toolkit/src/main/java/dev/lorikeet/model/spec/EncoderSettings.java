package dev.lorikeet.model.spec;

import com.google.gson.JsonObject;
import dev.lorikeet.model.config.EncoderConfig;
import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.model.config.ModelConfigBuilder;
import java.util.List;
import java.util.function.ObjIntConsumer;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;

/** Settings that encoders have in config.json. GGUF files of encoders are not read. */
public final class EncoderSettings {

    private static final String POSITIONS = "max_position_embeddings";
    private static final String PAD = "pad_token_id";
    private static final String TYPES = "type_vocab_size";

    private EncoderSettings() {}

    /** The sizes of an encoder, each under the name that its family has for it. */
    public static List<Setting> sizes(String hidden, String layers, String intermediate, String heads) {
        return List.of(
                Settings.vocabSize(),
                size(hidden, ModelConfig::hiddenSize, ModelConfigBuilder::hiddenSize),
                size(layers, ModelConfig::layers, ModelConfigBuilder::layers),
                size(intermediate, ModelConfig::intermediateSize, ModelConfigBuilder::intermediateSize),
                size(heads, ModelConfig::heads, ModelConfigBuilder::heads));
    }

    /** GGUF files of encoders are not read, so that a size needs no key in them. */
    private static Setting size(String json, ToIntFunction<ModelConfig> get, ObjIntConsumer<ModelConfigBuilder> set) {
        return Settings.integer(json, "", get, set);
    }

    /** The number that norms add to a variance. */
    public static Setting normEpsilon(String json, double absent) {
        return Settings.number(
                json,
                "attention.layer_norm_epsilon",
                ModelConfig::normEpsilon,
                ModelConfigBuilder::normEpsilon,
                absent);
    }

    /** What all models of a family have in common. */
    public static Setting of(UnaryOperator<EncoderConfig> common) {
        return new Setting() {
            @Override
            public void read(Fields json, ModelConfigBuilder config) {
                config.encoder(common.apply(config.encoder()));
            }
        };
    }

    /** The rows of the table of positions. */
    public static Setting positions() {
        return positions(json -> 0, 512);
    }

    /** The same where the first position follows the padding token's id, as RoBERTa has it. */
    public static Setting positionsAfterPadding() {
        return positions(json -> 1 + json.integer(PAD, 1), 512);
    }

    private static Setting positions(ToIntFunction<Fields> first, int absent) {
        return new Setting() {
            @Override
            public void read(Fields json, ModelConfigBuilder config) {
                int skipped = first.applyAsInt(json);
                int rows = json.size(POSITIONS, absent);
                if (rows <= skipped) {
                    throw json.unsupported(POSITIONS, "more than " + skipped);
                }
                config.contextLength(rows - skipped);
                config.encoder(config.encoder().withFirstPosition(skipped));
            }

            @Override
            public void write(ModelConfig config, JsonObject json) {
                json.addProperty(POSITIONS, config.contextLength() + config.firstPosition());
                if (config.firstPosition() > 0) {
                    json.addProperty(PAD, config.firstPosition() - 1);
                }
            }
        };
    }

    /** The longest text where no table of positions bounds it. */
    public static Setting context(int absent) {
        return positions(json -> 0, absent);
    }

    /** The rows of the table of token types. */
    public static Setting tokenTypes() {
        return new Setting() {
            @Override
            public void read(Fields json, ModelConfigBuilder config) {
                config.encoder(config.encoder().withTokenTypes(json.size(TYPES, 2)));
            }

            @Override
            public void write(ModelConfig config, JsonObject json) {
                config.encoder().ifPresent(encoder -> json.addProperty(TYPES, encoder.tokenTypes()));
            }
        };
    }
}
