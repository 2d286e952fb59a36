package dev.lorikeet.model.config;

/**
 * Says which projections of a layer add a bias.
 *
 * @param queryKeyValue those into the attention
 * @param out the one out of it
 * @param mlp those of the MLP
 */
public record Biases(boolean queryKeyValue, boolean out, boolean mlp) {

    public static final Biases NONE = new Biases(false, false, false);
    public static final Biases ALL = new Biases(true, true, true);
}
