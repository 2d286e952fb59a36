package dev.lorikeet.tensor;

/**
 * How the frozen weights of a model may be stored in fewer bits. They are widened to the model's {@link DType} where they
 * are used, and cannot be trained; token tables, heads and normalisations are left alone unless it says otherwise.
 */
public enum Quantization {
    /** 4-bit NormalFloat, each block of 64 weights with its largest one (Dettmers et al. 2023): 4.5 bits a weight. */
    NF4,
    /** {@link #NF4} with those largest ones in 8 bits, in blocks of 256: 4.13 bits a weight. */
    NF4_DOUBLE,
    /**
     * Whole numbers from -127 to 127, each row with its largest weight: 8 bits a weight. The token table and the head too, which
     * bear that; a single token is multiplied without widening, if the model multiplies in {@link DType#BFLOAT16}.
     */
    INT8,
    /** As the file has them, tables included: the quantised types of GGUF that are read stay what they are, others become numbers. */
    AS_STORED
}
