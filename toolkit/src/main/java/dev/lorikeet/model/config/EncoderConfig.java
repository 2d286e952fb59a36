package dev.lorikeet.model.config;

import dev.lorikeet.base.BadArgumentException;

/**
 * What an encoder has that a decoder lacks: its tokens see those after them too, and a pooler may stand between it and a classifier's head.
 *
 * @param firstPosition row of the table of positions that the first token has
 * @param tokenTypes rows of the table of token types; 0 without it
 * @param pooler activation of the pooler
 * @param poolerBias whether the pooler adds one
 * @param poolerIsPretrained whether the pooler is the encoder's own; else it is made and trained with a classifier
 * @param averages whether a classifier looks at the mean of all tokens; else at the first one
 */
public record EncoderConfig(
        int firstPosition,
        int tokenTypes,
        Activation pooler,
        boolean poolerBias,
        boolean poolerIsPretrained,
        boolean averages) {

    public EncoderConfig {
        BadArgumentException.unless(firstPosition >= 0, "first position", firstPosition, "at least 0");
        BadArgumentException.unless(tokenTypes >= 0, "token types", tokenTypes, "at least 0");
    }

    /** A pretrained pooler with a bias and tanh, as BERT has it, and neither token types nor an offset of positions. */
    public static EncoderConfig plain() {
        return new EncoderConfig(0, 0, Activation.TANH, true, true, false);
    }

    public EncoderConfig withFirstPosition(int value) {
        return new EncoderConfig(value, tokenTypes, pooler, poolerBias, poolerIsPretrained, averages);
    }

    public EncoderConfig withTokenTypes(int value) {
        return new EncoderConfig(firstPosition, value, pooler, poolerBias, poolerIsPretrained, averages);
    }

    public EncoderConfig withPooler(Activation activation, boolean bias, boolean isPretrained) {
        return new EncoderConfig(firstPosition, tokenTypes, activation, bias, isPretrained, averages);
    }

    public EncoderConfig withAverages(boolean value) {
        return new EncoderConfig(firstPosition, tokenTypes, pooler, poolerBias, poolerIsPretrained, value);
    }
}
