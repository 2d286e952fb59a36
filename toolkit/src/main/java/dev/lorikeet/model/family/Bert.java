package dev.lorikeet.model.family;

import dev.lorikeet.model.config.Activation;
import dev.lorikeet.model.config.Biases;
import dev.lorikeet.model.config.ModelConfigBuilder;
import dev.lorikeet.model.config.NormKind;
import dev.lorikeet.model.config.Part;
import dev.lorikeet.model.spec.EncoderSettings;
import dev.lorikeet.model.spec.Family;
import dev.lorikeet.model.spec.FamilyBuilder;
import dev.lorikeet.model.spec.Setting;
import dev.lorikeet.model.spec.Settings;
import java.util.ArrayList;
import java.util.List;

/** BERT (Devlin et al. 2018): an encoder with learned positions and token types, which normalises sums, and a pooler with tanh. */
final class Bert {

    static final Family FAMILY = named("bert", "BertModel", "bert", EncoderSettings.positions())
            .part(Part.POOLER, "bert.pooler.dense")
            .classifier("classifier")
            .build();

    private Bert() {}

    /**
     * Begins a family with the layers of BERT.
     *
     * @param prefix of the names in files that hold a task's head too
     * @param positions how its files say how many there are
     */
    static FamilyBuilder named(String name, String architecture, String prefix, Setting positions, Setting... more) {
        List<Setting> settings = new ArrayList<>(
                EncoderSettings.sizes("hidden_size", "num_hidden_layers", "intermediate_size", "num_attention_heads"));
        settings.addAll(List.of(
                positions,
                EncoderSettings.normEpsilon("layer_norm_eps", 1e-12),
                Settings.activation("hidden_act", Activation.GELU),
                EncoderSettings.tokenTypes(),
                Settings.only("position_embedding_type", "absolute"),
                Settings.only("is_decoder", false),
                Settings.tied(true)));
        settings.addAll(List.of(more));
        return Family.named(name, architecture)
                .layers(Bert::layers)
                .settings(settings)
                .layerPath(prefix + ".encoder.layer")
                .optionalPrefix(prefix + ".")
                .withoutParts()
                .part(Part.TOKENS, prefix + ".embeddings.word_embeddings")
                .part(Part.POSITIONS, prefix + ".embeddings.position_embeddings")
                .part(Part.TOKEN_TYPES, prefix + ".embeddings.token_type_embeddings")
                .part(Part.EMBEDDING_NORM, prefix + ".embeddings.LayerNorm")
                .part(Part.QUERY, "attention.self.query")
                .part(Part.KEY, "attention.self.key")
                .part(Part.VALUE, "attention.self.value")
                .part(Part.ATTENTION_OUT, "attention.output.dense")
                .part(Part.ATTENTION_SUM_NORM, "attention.output.LayerNorm")
                .part(Part.UP, "intermediate.dense")
                .part(Part.DOWN, "output.dense")
                .part(Part.MLP_SUM_NORM, "output.LayerNorm")
                .defaultTargets("query", "value");
    }

    /** Norms, activation and biases of BERT and its children. */
    static void layers(ModelConfigBuilder config) {
        config.norm(NormKind.LAYER).activation(Activation.GELU).biases(Biases.ALL);
        config.encoder(config.encoder());
    }
}
