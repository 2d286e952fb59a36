package dev.lorikeet.lora;

import java.util.Locale;

/** Which biases of the model an adapter trains, as its own copies; PEFT's setting. */
public enum Bias {
    /** No bias. */
    NONE,
    /** Every bias, including those of layer norms. */
    ALL,
    /** The biases of the adapted projections. */
    LORA_ONLY;

    /** Returns PEFT's name. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
