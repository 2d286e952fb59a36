package dev.lorikeet.tensor.engine;

import java.util.Arrays;

/** The types of a script function's parameters and result, as TorchScript spells them. */
enum ScriptType {
    TENSOR("Tensor"),
    TENSORS("List[Tensor]"),
    BOOL("bool"),
    INT("int"),
    FLOAT("float"),
    INTS("List[int]"),
    FLOATS("List[float]"),
    NONE("None"),
    /** A type that only functions of the script hand to each other. */
    INTERNAL("");

    private final String spelling;

    ScriptType(String spelling) {
        this.spelling = spelling;
    }

    static ScriptType of(String spelling) {
        return Arrays.stream(values())
                .filter(type -> type.spelling.equals(spelling))
                .findFirst()
                .orElse(INTERNAL);
    }
}
