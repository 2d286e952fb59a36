package dev.lorikeet.model.family;

import dev.lorikeet.model.config.Activation;
import dev.lorikeet.model.config.Part;
import dev.lorikeet.model.spec.EncoderSettings;
import dev.lorikeet.model.spec.Family;
import dev.lorikeet.model.spec.Settings;

/** DistilBERT (Sanh et al. 2019): BERT without token types and pooler, under names of its own. */
final class DistilBert {

    static final Family FAMILY = Family.named("distilbert", "DistilBertModel")
            .layers(config -> {
                Bert.layers(config);
                config.normEpsilon(1e-12);
            })
            .settings(EncoderSettings.sizes("dim", "n_layers", "hidden_dim", "n_heads"))
            .settings(
                    EncoderSettings.positions(),
                    Settings.activation("activation", Activation.GELU),
                    EncoderSettings.of(encoder -> encoder.withPooler(Activation.RELU, true, false)),
                    Settings.tied(true))
            .layerPath("distilbert.transformer.layer")
            .optionalPrefix("distilbert.")
            .withoutParts()
            .part(Part.TOKENS, "distilbert.embeddings.word_embeddings")
            .part(Part.POSITIONS, "distilbert.embeddings.position_embeddings")
            .part(Part.EMBEDDING_NORM, "distilbert.embeddings.LayerNorm")
            .part(Part.QUERY, "attention.q_lin")
            .part(Part.KEY, "attention.k_lin")
            .part(Part.VALUE, "attention.v_lin")
            .part(Part.ATTENTION_OUT, "attention.out_lin")
            .part(Part.ATTENTION_SUM_NORM, "sa_layer_norm")
            .part(Part.UP, "ffn.lin1")
            .part(Part.DOWN, "ffn.lin2")
            .part(Part.MLP_SUM_NORM, "output_layer_norm")
            .part(Part.POOLER, "pre_classifier")
            .classifier("classifier")
            .defaultTargets("q_lin", "v_lin")
            .build();

    private DistilBert() {}
}
