package dev.lorikeet.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.text.TokenizerFiles;
import dev.lorikeet.weights.Gguf;
import dev.lorikeet.weights.NewTensor;
import dev.lorikeet.weights.Producer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes a model as a GGUF file with the keys that llama.cpp needs. */
final class GgufExport {

    private static final long QUANTIZATION_VERSION = 2;
    private static final int BLOCK = 32;

    private final CausalModel model;
    private final Config config;
    private final GgufType type;

    GgufExport(CausalModel model, GgufType type) {
        this.model = model;
        this.config = model.config();
        this.type = type;
    }

    SavedModel write(Path file) {
        BadArgumentException.unless(Producer.mayWrite(file), "file", file, "a new one; this one is of others");
        try (Export export = new Export(model, file)) {
            List<NewTensor> tensors = new ArrayList<>();
            export.weights().forEach(weight -> tensors.add(tensor(weight, export)));
            divisors().ifPresent(tensors::add);
            Gguf.write(file, metadata(), tensors);
        }
        return SavedModel.of(file, type, List.of(file));
    }

    private NewTensor tensor(ExportedWeight weight, Export export) {
        String path = weight.name().substring(0, weight.name().lastIndexOf('.'));
        return new NewTensor(
                GgufTensors.name(weight.name()), weight.shape(), type(weight), export.counted(weight, () -> {
                    NDArray array = weight.copy().get();
                    return GgufTensors.ordered(array, path, config);
                }));
    }

    /** By which llama.cpp divides rotary frequencies that are not all scaled alike. */
    private Optional<NewTensor> divisors() {
        Rope rope = config.rope();
        if (rope.scaling() instanceof Rope.Unscaled || rope.scaling() instanceof Rope.Linear) {
            return Optional.empty();
        }
        float[] scaled = rope.frequencies(config.headWidth());
        float[] plain = Rope.of(rope.theta()).frequencies(config.headWidth());
        float[] divisors = new float[scaled.length];
        for (int i = 0; i < divisors.length; i++) {
            divisors[i] = plain[i] / scaled[i];
        }
        return Optional.of(new NewTensor(
                GgufConfigs.ROPE_DIVISORS, new Shape(divisors.length), GgufType.F32.name(), () -> model.manager()
                        .create(divisors)));
    }

    private String type(ExportedWeight weight) {
        if (weight.shape().dimension() < 2 || weight.name().endsWith("wpe.weight")) {
            return GgufType.F32.name();
        }
        boolean blocks = weight.shape().get(1) % BLOCK == 0;
        return type == GgufType.Q8_0 && !blocks ? GgufType.F16.name() : type.name();
    }

    private Map<String, Object> metadata() {
        Map<String, Object> keys = new LinkedHashMap<>();
        String architecture = GgufTensors.architecture(config);
        keys.put("general.architecture", architecture);
        keys.put("general.type", "model");
        keys.put("general.name", name());
        keys.put("general.file_type", type.fileType());
        keys.put("general.quantization_version", QUANTIZATION_VERSION);
        keys.put(Producer.KEY, Producer.VALUE);
        shape().forEach((key, value) -> keys.put(architecture + "." + key, value));
        Map<String, Object> tokenizer = model.origin()
                .map(origin -> TokenizerFiles.toGguf(origin, config.vocabulary()))
                .orElse(Map.of());
        if (tokenizer.isEmpty()) {
            System.out.println(
                    model.name() + " came without tokenizer files, so that the file takes and gives ids alone.");
            keys.put("tokenizer.ggml.model", "none");
        }
        keys.putAll(tokenizer);
        return keys;
    }

    private String name() {
        String name = model.name();
        return name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
    }

    private Map<String, Object> shape() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("vocab_size", (long) config.vocabulary());
        keys.put("context_length", (long) config.context());
        keys.put("embedding_length", (long) config.width());
        keys.put("block_count", (long) config.layers());
        keys.put("feed_forward_length", (long) config.mlpWidth());
        keys.put("attention.head_count", (long) config.heads());
        if (config.architecture() == Config.Architecture.GPT2) {
            keys.put("attention.layer_norm_epsilon", (float) config.epsilon());
            return keys;
        }
        keys.put("attention.head_count_kv", (long) config.keyValueHeads());
        keys.put("attention.key_length", (long) config.headWidth());
        keys.put("attention.value_length", (long) config.headWidth());
        keys.put("attention.layer_norm_rms_epsilon", (float) config.epsilon());
        keys.put("rope.dimension_count", (long) config.headWidth());
        keys.put("rope.freq_base", (float) config.rope().theta());
        if (config.window() < config.context()) {
            keys.put("attention.sliding_window", (long) config.window());
        }
        if (config.rope().scaling() instanceof Rope.Linear linear) {
            keys.put("rope.scaling.type", "linear");
            keys.put("rope.scaling.factor", (float) linear.factor());
        }
        return keys;
    }
}
