package dev.lorikeet.lora;

import java.util.Locale;

/** Which biases of the model an adapter trains, as a copy of its own. */
public enum Bias {
    NONE,
    /** Every bias, those of normalisations included. */
    ALL,
    /** Those of the projections that it has matrices on. */
    LORA_ONLY;

    /** As PEFT writes it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
