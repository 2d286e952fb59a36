package dev.lorikeet.model.config;

/** The activation of an MLP, or of an encoder's pooler. */
public enum Activation {
    SILU(0),
    /** GELU in its tanh form, as GPT-2 has it. */
    GELU_TANH(1),
    GELU(2),
    RELU(3),
    TANH(4);

    private final int id;

    Activation(int id) {
        this.id = id;
    }

    /** The number by which layer.py knows it. */
    public int id() {
        return id;
    }
}
