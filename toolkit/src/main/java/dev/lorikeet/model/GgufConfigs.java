package dev.lorikeet.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.gson.JsonObject;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.model.Config.Architecture;
import dev.lorikeet.tensor.Torch;
import dev.lorikeet.weights.TensorFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads a {@link Config} from a GGUF file: from its metadata, and from which tensors it has. */
final class GgufConfigs {

    static final String ARCHITECTURE = "general.architecture";

    private static final List<String> ARCHITECTURES = List.of("gpt2", "llama", "qwen2");

    /** What frequencies are divided by, where they are scaled as Llama 3.1's. */
    static final String ROPE_DIVISORS = "rope_freqs.weight";

    private GgufConfigs() {}

    static Config read(TensorFile file) {
        String type = String.valueOf(file.metadata().get(ARCHITECTURE));
        if (!ARCHITECTURES.contains(type)) {
            throw new UnknownNameException(
                    "architecture (%s in %s)".formatted(ARCHITECTURE, file.path()), type, ARCHITECTURES);
        }
        Fields fields = new Fields(numbers(file.metadata(), type), file.path());
        boolean tied = !file.names().contains("output.weight");
        int vocabulary = (int) file.entry("token_embd.weight").shape().get(0);
        int width = fields.integer("embedding_length");
        int heads = fields.integer("attention.head_count");
        int headWidth = fields.integer("attention.key_length", width / heads);
        int context = fields.integer("context_length");
        int window = fields.integer("attention.sliding_window", 0);
        boolean gpt2 = type.equals("gpt2");
        if (!gpt2) {
            fields.require("expert_count", 0);
            fields.require("attention.value_length", headWidth);
            fields.require("rope.dimension_count", headWidth);
        }
        return new Config(
                gpt2 ? Architecture.GPT2 : Architecture.LLAMA,
                vocabulary,
                width,
                fields.integer("block_count"),
                heads,
                fields.integer("attention.head_count_kv", heads),
                headWidth,
                fields.integer("feed_forward_length"),
                context,
                window > 0 ? Math.min(context, window) : context,
                fields.number(gpt2 ? "attention.layer_norm_epsilon" : "attention.layer_norm_rms_epsilon", 1e-5),
                gpt2 ? Rope.of(0) : rope(file, fields, type, headWidth),
                biases(file.names(), type),
                tied);
    }

    private static JsonObject numbers(Map<String, Object> metadata, String type) {
        JsonObject json = new JsonObject();
        metadata.forEach((key, value) -> {
            if (key.startsWith(type + ".") && value instanceof Number number) {
                json.addProperty(key.substring(type.length() + 1), number);
            }
        });
        return json;
    }

    private static Biases biases(Set<String> tensors, String type) {
        return switch (type) {
            case "gpt2" -> Biases.ALL;
            case "qwen2" -> new Biases(true, false, false);
            default ->
                new Biases(
                        tensors.contains("blk.0.attn_q.bias"),
                        tensors.contains("blk.0.attn_output.bias"),
                        tensors.contains("blk.0.ffn_gate.bias"));
        };
    }

    /** As llama.cpp reads it: a factor alone means linear, and an older key may hold it. */
    private static Rope rope(TensorFile file, Fields fields, String type, int headWidth) {
        double theta = fields.number("rope.freq_base", 10_000);
        Object kind = file.metadata().getOrDefault(type + ".rope.scaling.type", "linear");
        if (!kind.equals("none") && !kind.equals("linear")) {
            throw new BadFileException(
                    file.path(),
                    "scales its rotary positions as \"%s\"; only \"none\" and \"linear\" are supported, and %s"
                            .formatted(kind, ROPE_DIVISORS));
        }
        double stored = fields.number("rope.scaling.factor", fields.number("rope.scale_linear", 0));
        double factor = kind.equals("none") || stored == 0 ? 1 : stored;
        if (!file.names().contains(ROPE_DIVISORS)) {
            return factor == 1 ? Rope.of(theta) : new Rope(theta, new Rope.Linear(factor));
        }
        if (factor != 1) {
            throw new BadFileException(
                    file.path(), "scales its rotary positions twice, by a factor and by " + ROPE_DIVISORS);
        }
        return new Rope(theta, divided(file, headWidth));
    }

    private static Rope.Divided divided(TensorFile file, int headWidth) {
        try (NDManager manager = Torch.manager();
                NDArray array = file.read(ROPE_DIVISORS, manager)) {
            List<Float> divisors = new ArrayList<>();
            for (float divisor : array.toFloatArray()) {
                divisors.add(divisor);
            }
            if (divisors.size() != headWidth / 2) {
                throw new BadFileException(
                        file.path(),
                        "\"%s\" has %d numbers; by the model's configuration it should have %d"
                                .formatted(ROPE_DIVISORS, divisors.size(), headWidth / 2));
            }
            return new Rope.Divided(divisors);
        }
    }
}
