package dev.lorikeet.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.tensor.format.QuantizedArray;
import dev.lorikeet.weights.Gguf;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A GGUF file, whose tensors have names of their own. In a file of the architecture "llama", which Mistral's are too, the rows
 * of q and k are permuted for interleaved rotary positions; the half-rotating form here needs them in their first order.
 */
record GgufSource(Gguf file, Config config) implements Source {

    private static final Pattern LAYER =
            Pattern.compile("(?:model\\.layers|transformer\\.h)\\.(\\d+)\\.(.+)\\.(weight|bias)");

    private static final Map<String, String> IN_LAYER = Map.ofEntries(
            Map.entry("input_layernorm", "attn_norm"),
            Map.entry("self_attn.q_proj", "attn_q"),
            Map.entry("self_attn.k_proj", "attn_k"),
            Map.entry("self_attn.v_proj", "attn_v"),
            Map.entry("self_attn.o_proj", "attn_output"),
            Map.entry("post_attention_layernorm", "ffn_norm"),
            Map.entry("mlp.gate_proj", "ffn_gate"),
            Map.entry("mlp.up_proj", "ffn_up"),
            Map.entry("mlp.down_proj", "ffn_down"),
            Map.entry("ln_1", "attn_norm"),
            Map.entry("attn.c_attn", "attn_qkv"),
            Map.entry("attn.c_proj", "attn_output"),
            Map.entry("ln_2", "ffn_norm"),
            Map.entry("mlp.c_fc", "ffn_up"),
            Map.entry("mlp.c_proj", "ffn_down"));

    private static final Map<String, String> OUTSIDE = Map.of(
            "model.embed_tokens", "token_embd",
            "transformer.wte", "token_embd",
            "transformer.wpe", "position_embd",
            "model.norm", "output_norm",
            "transformer.ln_f", "output_norm",
            "lm_head", "output");

    @Override
    public boolean has(String name) {
        return file.names().contains(stored(name));
    }

    @Override
    public NDArray take(String name, NDManager manager) {
        if (!has(name)) {
            throw new BadFileException(
                    file.path(),
                    "has no tensor \"%s\", which a %s model needs".formatted(stored(name), config.architecture()));
        }
        NDArray array = Shapes.checked(file.read(stored(name), manager), config, name, file.path());
        if (!isPermuted(name)) {
            return array;
        }
        return halves(array, name.contains(".q_proj.") ? config.heads() : config.keyValueHeads());
    }

    private boolean isPermuted(String name) {
        return "llama".equals(file.metadata().get(GgufConfigs.ARCHITECTURE))
                && (name.contains(".q_proj.") || name.contains(".k_proj."));
    }

    @Override
    public Optional<QuantizedArray> quantized(String name, NDManager manager) {
        if (!has(name) || !file.entry(stored(name)).shape().equals(Shapes.of(config, name))) {
            return Optional.empty();
        }
        IntUnaryOperator sourceRow =
                isPermuted(name) ? row -> interleaved(row, config.headWidth()) : IntUnaryOperator.identity();
        return file.quantized(stored(name), sourceRow, manager);
    }

    @Override
    public int size() {
        return file.names().size();
    }

    @Override
    public Optional<Path> origin() {
        return Optional.of(file.path().toAbsolutePath());
    }

    @Override
    public void close() {
        file.close();
    }

    /** Rows (head, pair, 2) of a weight or a bias back to (head, 2, pair). */
    static NDArray halves(NDArray array, int heads) {
        long rows = array.getShape().get(0);
        try (array;
                NDArray pairs = array.reshape(heads, rows / heads / 2, 2, array.size() / rows);
                NDArray turned = pairs.swapAxes(1, 2)) {
            return turned.reshape(array.getShape());
        }
    }

    /** Where in the file the row stands that {@link #halves} would put at {@code row}. */
    private static int interleaved(int row, int headWidth) {
        int inHead = row % headWidth;
        int half = headWidth / 2;
        return row - inHead + 2 * (inHead % half) + inHead / half;
    }

    static String stored(String name) {
        Matcher layer = LAYER.matcher(name);
        if (layer.matches()) {
            return "blk.%s.%s.%s".formatted(layer.group(1), IN_LAYER.get(layer.group(2)), layer.group(3));
        }
        int dot = name.lastIndexOf('.');
        return OUTSIDE.get(name.substring(0, dot)) + name.substring(dot);
    }
}
