package dev.lorikeet.memory;

import java.io.Serializable;

/**
 * What a probe measures: a place and how its memory is counted.
 *
 * @param where the place, such as "host" or "GPU 0 (Tesla T4)"
 * @param counting how memory is counted
 */
public record Measured(String where, Counting counting) implements Serializable {

    /** A way to count memory; only figures counted the same way can be compared. */
    public enum Counting {
        /** Resident in the machine's memory: Java's heap, tensors, libraries. */
        RESIDENT("resident memory of the process"),
        /** Allocated to tensors that are alive. */
        ALLOCATED("memory allocated to tensors"),
        /** Held by this process, the engine's cache included. */
        PROCESS("memory held by the process"),
        /** Held by all processes together. */
        DEVICE("memory in use, of all processes");

        private final String words;

        Counting(String words) {
            this.words = words;
        }
    }

    /** A text such as "host, resident memory of the process". */
    @Override
    public String toString() {
        return where + ", " + counting.words;
    }
}
