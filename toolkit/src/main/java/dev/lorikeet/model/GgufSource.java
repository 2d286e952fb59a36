package dev.lorikeet.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.weights.TensorFile;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A GGUF file of a Llama or GPT-2, whose tensors have names of their own. In a Llama file the rows of q and k are permuted
 * for interleaved rotary positions; the half-rotating form here needs them in their first order.
 */
record GgufSource(TensorFile file, Config config) implements Source {

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
        if (name.endsWith("q_proj.weight")) {
            return halves(array, config.heads());
        }
        return name.endsWith("k_proj.weight") ? halves(array, config.keyValueHeads()) : array;
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

    /** Rows (head, pair, 2) back to (head, 2, pair). */
    static NDArray halves(NDArray weight, int heads) {
        long rows = weight.getShape().get(0);
        long columns = weight.getShape().get(1);
        try (weight;
                NDArray pairs = weight.reshape(heads, rows / heads / 2, 2, columns);
                NDArray turned = pairs.swapAxes(1, 2)) {
            return turned.reshape(rows, columns);
        }
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
