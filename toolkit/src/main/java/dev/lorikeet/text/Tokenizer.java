package dev.lorikeet.text;

import dev.lorikeet.base.LorikeetException;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Splits text into the tokens of a model's vocabulary. Safe to share between threads; a closed one throws
 * {@link dev.lorikeet.base.LorikeetException}.
 */
public interface Tokenizer extends AutoCloseable {

    /** The kind of tokenizer, for people, such as "byte-level BPE". */
    String kind();

    /**
     * The ids of a text. Special tokens written in the text are recognised; none is added, and nothing is truncated or
     * padded. Half a surrogate pair, which is no character, counts as U+FFFD.
     */
    int[] encode(String text);

    /**
     * The ids of a text as the model expects them: as {@link #encode(String)}, and with the special tokens before and after it
     * that the model's files ask for ({@code add_bos_token}, {@code add_eos_token}), unless the text has them already.
     */
    default int[] encode(String text, boolean addSpecialTokens) {
        return encode(text);
    }

    /**
     * Encodes as {@link #encode(String, boolean)} with special tokens does, and cuts the text to {@code longest} tokens; an end token
     * that was added stays the last one, as in transformers.
     *
     * @param longest at least 1
     */
    default int[] encodeCut(String text, int longest) {
        int[] ids = encode(text, true);
        return ids.length <= longest ? ids : Arrays.copyOf(ids, longest);
    }

    /**
     * Two texts as one row of tokens.
     *
     * @param ids with the special tokens that the model's files put around and between the texts
     * @param segmentIds [tokens] which text each token belongs to, as the files say it: BERT's token types
     */
    record EncodedPair(int[] ids, int[] segmentIds) {}

    /**
     * Encodes two texts as one row of at most {@code longest} tokens; of the longer text more is cut, as transformers'
     * "longest_first" does.
     *
     * @throws LorikeetException if the model's files do not say how two texts stand in a row
     */
    default EncodedPair encodePair(String first, String second, int longest) {
        throw new LorikeetException(
                "The tokenizer of this model does not say how two texts stand in a row; encoders with a tokenizer.json do");
    }

    /** Encodes as {@link #encode(String, boolean)} does, and says where in the text each token ends. */
    default Encoding encodeWithOffsets(String text, boolean addSpecialTokens) {
        int[] ids = encode(text);
        return new Encoding(ids, TokenStream.ends(this, ids, text));
    }

    /**
     * The text of some ids, special tokens included; bytes that are no UTF-8 become U+FFFD.
     *
     * @throws dev.lorikeet.base.BadArgumentException if an id is outside the vocabulary
     */
    String decode(int... ids);

    /** The number of ids; each id is below it. */
    int vocabularySize();

    /** Whether there is a token with this id. A model's table may have more rows than its tokenizer has tokens. */
    default boolean has(int id) {
        return id >= 0 && id < vocabularySize();
    }

    /** The id of a token written as the vocabulary writes it ("Ġthe" in byte-level vocabularies). */
    OptionalInt id(String token);

    /**
     * A token as the vocabulary writes it.
     *
     * @throws dev.lorikeet.base.BadArgumentException if there is none with this id
     */
    String token(int id);

    /** The token that starts a text (BOS), where the vocabulary has one. */
    OptionalInt bos();

    /** The token that is written after a text (EOS), where the vocabulary has one. */
    OptionalInt eos();

    /**
     * All ids at which generation ends: {@link #eos()} and what else the model's files list, such as the end of a turn
     * ({@code eos_token_id} in generation_config.json and config.json; in GGUF {@code eot_token_id}, {@code eom_token_id} and the
     * spellings that llama.cpp knows, such as {@code <|im_end|>}).
     */
    default Set<Integer> eosIds() {
        return eos().isPresent() ? Set.of(eos().getAsInt()) : Set.of();
    }

    /** The token that pads short rows of a batch; {@link #eos()} where the vocabulary has no padding token. */
    OptionalInt pad();

    /**
     * The chat template of this model.
     *
     * @throws dev.lorikeet.base.LorikeetException if its files have no chat template
     * @throws ChatTemplateException if the template cannot be read
     */
    default ChatTemplate chat() {
        return chat(ChatTemplates.DEFAULT);
    }

    /**
     * The chat template of a name, for a model with several templates.
     *
     * @param name such as "tool_use"
     * @throws dev.lorikeet.base.UnknownNameException if there is none of this name
     */
    default ChatTemplate chat(String name) {
        return ChatTemplates.none(kind()).get(name, this);
    }

    @Override
    void close();
}
