package dev.lorikeet.tensor;

/**
 * How the frozen weights of a model may be stored in fewer bits. They are dequantized to the model's {@link DType} where they
 * are used, and cannot be trained; token tables, heads and normalisations are left alone unless it says otherwise.
 */
public enum Quantization {
    /** 4-bit NormalFloat, each block of 64 weights with its absmax (Dettmers et al. 2023): 4.5 bits a weight. */
    NF4,
    /** {@link #NF4} with the absmax in 8 bits, in blocks of 256 (double quantization): 4.13 bits a weight. */
    NF4_DOUBLE,
    /**
     * Integers from -127 to 127, each row with its absmax: 8 bits a weight. The token table and the head too, which bear that; a
     * single token is multiplied without dequantizing, if the compute dtype is {@link DType#BFLOAT16}.
     */
    INT8,
    /** The file's own types, tables included: the quantized types of GGUF that are read stay what they are, others become dense. */
    AS_STORED
}
