package dev.lorikeet.model;

import dev.lorikeet.base.BadArgumentException;
import java.util.stream.Stream;

/** Checks before a training that the model's table has a row for each token of the data. */
public final class TokenCheck {

    private TokenCheck() {}

    /**
     * @param part such as "the training texts"
     * @throws BadArgumentException if an id is beyond the table, as where the tokenizer has more tokens than the table has rows
     */
    public static void check(LanguageModel model, String part, Stream<int[]> rows) {
        int vocabSize = model.config().vocabSize();
        rows.forEach(row -> {
            for (int id : row) {
                if (id >= vocabSize) {
                    throw new BadArgumentException(
                            "token \"%s\" of %s".formatted(model.tokenizer().token(id), part),
                            id,
                            "an id of 0 to %d: the tokenizer has %,d tokens, and the token table of %s has %,d rows"
                                    .formatted(
                                            vocabSize - 1,
                                            model.tokenizer().vocabularySize(),
                                            model.name(),
                                            vocabSize));
                }
            }
        });
    }
}
