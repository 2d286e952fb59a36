package dev.lorikeet.memory;

/**
 * What a probe measures.
 *
 * @param where such as "host" or "GPU 0 (Tesla T4)"
 * @param kind how it is counted
 */
public record Measured(String where, Kind kind) {

    /** The ways to count memory; only like compares with like. */
    public enum Kind {
        /** In the machine's memory: Java's heap, tensors, libraries. */
        RESIDENT("resident memory of the process"),
        /** In tensors that are alive. */
        ALLOCATED("memory allocated to tensors"),
        /** Held by this process, what the engine keeps for later included. */
        PROCESS("memory held by the process"),
        /** Held by all processes together. */
        DEVICE("memory in use, of all processes");

        private final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    /** Such as "host, resident memory of the process". */
    @Override
    public String toString() {
        return where + ", " + kind.words;
    }
}
