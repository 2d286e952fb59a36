package dev.lorikeet.model.embed;

/** The tokens that a text's vector is made from. */
public enum TextPooling {
    /** The mean of all tokens. */
    MEAN,
    /** The first token, BERT's [CLS]. */
    CLS,
    /** The last token, as embedding models made of decoders have it. */
    LAST_TOKEN
}
