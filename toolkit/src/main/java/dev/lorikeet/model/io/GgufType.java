package dev.lorikeet.model.io;

/** How the matrices of a model are stored in a GGUF file. Vectors and tables of positions are float32 in each. */
public enum GgufType {
    F32(0),
    F16(1),
    /** 8 bits and a common scale for 32 weights; matrices whose rows are no multiple of 32 long are stored as F16. */
    Q8_0(7);

    private final int fileType;

    GgufType(int fileType) {
        this.fileType = fileType;
    }

    /** The value of {@code general.file_type}. */
    long fileType() {
        return fileType;
    }
}
