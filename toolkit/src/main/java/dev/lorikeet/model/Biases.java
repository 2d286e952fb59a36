package dev.lorikeet.model;

/**
 * Which projections of a layer add a bias.
 *
 * @param queryKeyValue those into the attention
 * @param out the one out of it
 * @param mlp those of the MLP
 */
public record Biases(boolean queryKeyValue, boolean out, boolean mlp) {

    public static final Biases NONE = new Biases(false, false, false);
    public static final Biases ALL = new Biases(true, true, true);

    /** Whether the projection with this path, such as "model.layers.0.self_attn.q_proj", has one. */
    boolean on(String path) {
        return switch (path.substring(path.lastIndexOf('.') + 1)) {
            case "q_proj", "k_proj", "v_proj", "c_attn" -> queryKeyValue;
            case "o_proj" -> out;
            case "gate_proj", "up_proj", "down_proj", "c_fc" -> mlp;
            case "c_proj" -> path.endsWith("mlp.c_proj") ? mlp : out;
            default -> false;
        };
    }
}
