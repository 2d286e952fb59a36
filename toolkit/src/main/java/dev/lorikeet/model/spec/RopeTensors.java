package dev.lorikeet.model.spec;

/** Which tensors of rotary factors llama.cpp reads for a family. */
public enum RopeTensors {
    NONE,
    /** Short and long factors, whether the file names the scaling or not. */
    LONGROPE,
    /** Short and long factors of a scaling that the file names, and divisors, which hold any scaling that does not look at the length. */
    ALL
}
