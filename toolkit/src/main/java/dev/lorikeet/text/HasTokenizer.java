package dev.lorikeet.text;

/** A value with a tokenizer, such as a model. */
public interface HasTokenizer {

    /** The tokenizer that splits text into the tokens of its vocabulary. */
    Tokenizer tokenizer();
}
