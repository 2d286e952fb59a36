package dev.lorikeet.text;

import java.util.OptionalInt;

/**
 * Cuts text into the tokens of a model's vocabulary. Safe to share between threads; a closed one throws
 * {@link dev.lorikeet.base.LorikeetException}.
 */
public interface Tokenizer extends AutoCloseable {

    /** How it cuts, for people, such as "byte-level BPE". */
    String kind();

    /**
     * The ids of a text. Special tokens written in the text are recognised; none is added, and nothing is truncated or
     * padded. Half a surrogate pair, which is no character, counts as U+FFFD.
     */
    int[] encode(String text);

    /**
     * The text of some ids, special tokens included; bytes that are no UTF-8 become U+FFFD.
     *
     * @throws dev.lorikeet.base.BadArgumentException if an id is outside the vocabulary
     */
    String decode(int... ids);

    /** How many ids there are; each is below this number. */
    int vocabularySize();

    /** The id of a token written as the vocabulary writes it ("Ġthe" in byte-level vocabularies). */
    OptionalInt id(String token);

    /**
     * A token as the vocabulary writes it.
     *
     * @throws dev.lorikeet.base.BadArgumentException if there is none with this id
     */
    String token(int id);

    /** What a text starts with, where the vocabulary has such a token. */
    OptionalInt bos();

    /** What a text ends with, where the vocabulary has such a token. */
    OptionalInt eos();

    /** What fills short rows of a batch; {@link #eos()} where the vocabulary has no token of its own for it. */
    OptionalInt pad();

    @Override
    void close();
}
