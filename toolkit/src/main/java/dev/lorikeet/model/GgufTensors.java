package dev.lorikeet.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Locale;

/** How GGUF files name and order a model's tensors, for what is written into them; {@link GgufSource} is the way back. */
public final class GgufTensors {

    private GgufTensors() {}

    /** The name of a tensor that Hugging Face names so, such as "blk.0.attn_q.weight". */
    public static String name(String huggingFaces) {
        return GgufSource.stored(huggingFaces);
    }

    /** As {@code general.architecture} has it, and the keys of its settings begin with. */
    public static String architecture(Config config) {
        boolean qwen = config.architecture() == Config.Architecture.LLAMA && config.family() == Config.Family.QWEN2;
        return (qwen ? Config.Family.QWEN2.name() : config.architecture().name()).toLowerCase(Locale.ROOT);
    }

    /**
     * The rows of an array as GGUF has them. In a Llama's q and k, where the model turns the halves of each head, they stand
     * in pairs that are turned: (head, 2, pair) becomes (head, pair, 2).
     *
     * @param array (rows) or (rows, columns) of a projection; closed
     * @param path the projection's, in Hugging Face's names
     */
    public static NDArray ordered(NDArray array, String path, Config config) {
        boolean query = path.endsWith("q_proj");
        if (!architecture(config).equals("llama") || !query && !path.endsWith("k_proj")) {
            return array;
        }
        Shape shape = array.getShape();
        long heads = query ? config.heads() : config.keyValueHeads();
        try (array;
                NDArray halves = array.reshape(heads, 2, shape.get(0) / heads / 2, shape.size() / shape.get(0));
                NDArray turned = halves.swapAxes(1, 2)) {
            return turned.reshape(shape);
        }
    }
}
