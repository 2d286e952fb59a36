package dev.lorikeet.model.family;

import dev.lorikeet.model.config.Activation;
import dev.lorikeet.model.config.Part;
import dev.lorikeet.model.spec.EncoderSettings;
import dev.lorikeet.model.spec.Family;

/** RoBERTa (Liu et al. 2019): BERT's layers; positions begin after that of the padding token, and the pooler belongs to the classifier. */
final class Roberta {

    static final Family FAMILY = named("roberta", "RobertaModel");

    /** RoBERTa in a hundred languages (Conneau et al. 2019). */
    static final Family XLM = named("xlm-roberta", "XLMRobertaModel");

    private Roberta() {}

    private static Family named(String name, String architecture) {
        return Bert.named(
                        name,
                        architecture,
                        "roberta",
                        EncoderSettings.positionsAfterPadding(),
                        EncoderSettings.of(encoder -> encoder.withPooler(Activation.TANH, true, false)))
                .part(Part.POOLER, "classifier.dense")
                .classifier("classifier.out_proj")
                .tagger("classifier")
                .build();
    }
}
