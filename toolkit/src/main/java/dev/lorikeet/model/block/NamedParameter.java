package dev.lorikeet.model.block;

/** A parameter by its name, with values or without. */
public interface NamedParameter {

    /** As in Hugging Face checkpoints, such as "transformer.h.0.ln_1.bias". */
    String name();

    /** The module that it belongs to, such as "transformer.h.0.ln_1". */
    default String module() {
        return name().substring(0, name().lastIndexOf('.'));
    }

    /** The last part of the name: "weight" or "bias". */
    default String part() {
        return name().substring(name().lastIndexOf('.') + 1);
    }
}
