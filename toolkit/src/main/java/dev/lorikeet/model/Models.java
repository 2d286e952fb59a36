package dev.lorikeet.model;

import ai.djl.Device;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.base.file.AtomicFolders;
import dev.lorikeet.hub.Hub;
import dev.lorikeet.hub.PythonEnvironment;
import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.model.family.PublishedShapes;
import dev.lorikeet.model.io.DefaultModel;
import dev.lorikeet.model.io.ModelBuilder;
import dev.lorikeet.model.io.ModelFiles;
import dev.lorikeet.model.io.PublishedModel;
import dev.lorikeet.model.io.RandomSource;
import dev.lorikeet.model.io.TaskHead;
import dev.lorikeet.model.io.WeightSource;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.FastestDType;
import dev.lorikeet.tensor.Quantization;
import dev.lorikeet.tensor.Torch;
import dev.lorikeet.text.Tokenizer;
import dev.lorikeet.text.Tokenizers;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Loads pretrained models by name or from files. */
public final class Models {

    /** Names and the repositories where they are published. */
    private static final Map<String, String> GPT2 = names();

    /** The devices of which it was said what they compute in. */
    private static final Set<Device> SAID = ConcurrentHashMap.newKeySet();

    private Models() {}

    /**
     * Loads a model onto the GPU if the engine sees one, else onto the CPU. Its compute dtype follows from the instructions of
     * that device; the first load of a process prints it.
     *
     * @param model {@code smollm2-135m}; the encoder {@code minilm-l6-v2}; {@code gpt2}, {@code gpt2-medium}, {@code gpt2-large} or {@code gpt2-xl}; a
     *     repository on the Hugging Face hub, {@code owner/name}, with {@code @revision} or {@code :file.gguf} after it if
     *     need be, downloaded if it is not in the cache; a folder with a {@code config.json} and a
     *     {@code model.safetensors} or several such and their index; a {@code .gguf} file; or a folder with an adapter that
     *     Lorikeet or PEFT saved, which is put on the base model that it names (see {@link #load(String, String)})
     * @throws UnknownNameException if there is no such model; it lists those there are
     * @throws BadFileException if a file is missing, damaged or of a kind that is not supported, or belongs to a {@link
     *     #classifier(String) classifier}
     * @throws dev.lorikeet.hub.DownloadException if the hub refuses, or cannot be reached and the cache lacks a file
     */
    public static PretrainedModel load(String model) {
        Device device = Torch.defaultDevice();
        return load(model, device, fastest(device));
    }

    /** As {@link #load(String)}, for a path. */
    public static PretrainedModel load(Path model) {
        return load(BadArgumentException.required(model, "model").toString());
    }

    /**
     * Loads an adapter's base from elsewhere than its files say, and puts the adapter on it. With a base that is loaded already:
     * {@code Lora.load(folder, model)}.
     *
     * @param adapter a folder with an adapter that Lorikeet or PEFT saved
     * @param base as in {@link #load(String)}
     * @throws BadFileException if the folder holds no adapter, one of a classifier, or one that does not fit the base
     */
    public static PretrainedModel load(String adapter, String base) {
        return AdapterFolder.required(path(adapter)).loadOnto(folder -> load(base));
    }

    /**
     * Loads a classifier that was saved: an adapter, with its base and its labels, or a whole model. It can classify at once.
     *
     * @param model a folder with an adapter that Lorikeet or PEFT saved, or with what {@link Classifier#save(String)} or transformers
     *     wrote of a whole classifier; or a whole classifier on the Hugging Face hub, {@code owner/name} or {@code owner/name@revision}
     * @throws BadFileException if it holds no classifier, or a file is missing or damaged
     * @throws dev.lorikeet.hub.DownloadException if the hub refuses, or cannot be reached and the cache lacks a file
     */
    public static Classifier classifier(String model) {
        return saved(TaskLoader.CLASSIFIER, model);
    }

    /** Loads a classifier as {@link #classifier(String)} does. */
    public static Classifier classifier(Path folder) {
        return classifier(BadArgumentException.required(folder, "model").toString());
    }

    /** Loads a classifier as {@link #classifier(String)} does, with the dtype chosen, in which frozen weights are kept too. */
    public static Classifier classifier(String folder, DType dtype) {
        return saved(TaskLoader.CLASSIFIER, folder, dtype);
    }

    /**
     * Loads a classifier's adapter onto a base from elsewhere than its files say.
     *
     * @param adapter a folder with an adapter that Lorikeet or PEFT saved
     * @param base as in {@link #load(String)}
     */
    public static Classifier classifier(String adapter, String base) {
        return AdapterFolder.required(path(adapter)).load(TaskLoader.CLASSIFIER, folder -> load(base));
    }

    /**
     * Puts a classifier's adapter on a base that is loaded, and makes a classifier of that with the adapter's labels.
     *
     * @param adapter a folder with an adapter that Lorikeet or PEFT saved
     * @param base closed if the adapter does not fit it
     */
    public static Classifier classifier(String adapter, PretrainedModel base) {
        return AdapterFolder.required(path(adapter)).load(TaskLoader.CLASSIFIER, folder -> base);
    }

    /**
     * Loads a regressor that was saved, as {@link #classifier(String)} does: an adapter, or a whole model whose {@code problem_type} is
     * "regression" or whose head has one row.
     *
     * @throws BadFileException if it holds no regressor, or a file is missing or damaged
     */
    public static Regressor regressor(String model) {
        return saved(TaskLoader.REGRESSOR, model);
    }

    /** Loads a regressor as {@link #regressor(String)} does, with the dtype chosen. */
    public static Regressor regressor(String model, DType dtype) {
        return saved(TaskLoader.REGRESSOR, model, dtype);
    }

    /** Loads a regressor's adapter onto a base from elsewhere than its files say. */
    public static Regressor regressor(String adapter, String base) {
        return AdapterFolder.required(path(adapter)).load(TaskLoader.REGRESSOR, folder -> load(base));
    }

    /**
     * Loads a tagger that was saved, as {@link #classifier(String)} does: an adapter, or a whole model for token classification.
     *
     * @throws BadFileException if it holds no tagger, or a file is missing or damaged
     */
    public static Tagger tagger(String model) {
        return saved(TaskLoader.TAGGER, model);
    }

    /** Loads a tagger as {@link #tagger(String)} does, with the dtype chosen. */
    public static Tagger tagger(String model, DType dtype) {
        return saved(TaskLoader.TAGGER, model, dtype);
    }

    /** Loads a tagger's adapter onto a base from elsewhere than its files say. */
    public static Tagger tagger(String adapter, String base) {
        return AdapterFolder.required(path(adapter)).load(TaskLoader.TAGGER, folder -> load(base));
    }

    private static <M extends TaskModel> M saved(TaskLoader<M> loader, String model) {
        Device device = Torch.defaultDevice();
        return loader.load(model, device, fastest(device), found -> load(located(found)));
    }

    private static <M extends TaskModel> M saved(TaskLoader<M> loader, String model, DType dtype) {
        return loader.load(model, Torch.defaultDevice(), dtype, found -> load(located(found), dtype));
    }

    /** As {@link #load(String)}, with the dtype chosen, in which frozen weights are kept too. */
    public static PretrainedModel load(String model, DType dtype) {
        return load(model, Torch.defaultDevice(), dtype);
    }

    /**
     * As {@link #load(String)}, with the weights of the projections stored in fewer bits: tensor by tensor, so that no more than
     * the quantised model and one tensor is held. On a CPU it {@link PretrainedModel#decodeDtype writes in} bfloat16.
     */
    public static PretrainedModel load(String model, Quantization quantization) {
        Device device = Torch.defaultDevice();
        PretrainedModel loaded = load(model, device, fastest(device), quantization);
        if (!device.isGpu()) {
            loaded.decodeDtype(DType.BFLOAT16);
        }
        return loaded;
    }

    /** As {@link #load(String, Quantization)}, with the dtype chosen in which it multiplies. */
    public static PretrainedModel load(String model, Quantization quantization, DType dtype) {
        return load(model, Torch.defaultDevice(), dtype, quantization);
    }

    /** As {@link #load(String)}, with the device and the precision chosen. */
    public static PretrainedModel load(String model, Device device, DType dtype) {
        return load(model, device, dtype, null);
    }

    /** Chooses the compute dtype, and says which it is once a process. */
    private static DType fastest(Device device) {
        FastestDType fastest = FastestDType.on(device);
        if (SAID.add(device)) {
            System.out.println("Computing in " + fastest + ".");
        }
        return fastest.dtype();
    }

    private static PretrainedModel load(String model, Device device, DType dtype, Quantization quantization) {
        Path path = find(model);
        Optional<AdapterFolder> adapter = AdapterFolder.of(path);
        if (adapter.isPresent()) {
            return adapter.get().loadOnto(folder -> load(located(folder), device, dtype, quantization));
        }
        if (Files.isDirectory(path)) {
            checkWrites(path);
        }
        try (ModelFiles files = ModelFiles.open(path)) {
            return new PretrainedModel(ModelBuilder.build(
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
    public static PretrainedModel random(String model, long seed) {
        return random(model, PublishedShapes.named(model), Tokenizers.gpt2(), seed);
    }

    /** As {@link #random(String, long)}, of any shape. */
    public static PretrainedModel random(String name, ModelConfig config, Tokenizer tokenizer, long seed) {
        try (WeightSource source = new RandomSource(config, seed)) {
            return new PretrainedModel(ModelBuilder.build(
                    "random " + name, source, config, tokenizer, Torch.defaultDevice(), DType.FLOAT32, null));
        }
    }

    /**
     * A model's sizes without its weights: parameters and bytes, also as a classifier, quantized or with an adapter, as in {@code
     * Models.shape("gpt2").with(Lora.rank(4).on("query", "value"))}. It takes no memory and, for names, no files.
     *
     * @param model a name that {@link PublishedShapes#named} knows, such as "gpt2" or "llama-2-7b"; a folder with a {@code
     *     config.json}; a {@code .gguf} file; or a repository on the Hugging Face hub, of which only the settings are fetched
     * @throws UnknownNameException if there is no such name; it lists those there are
     */
    public static ModelShape shape(String model) {
        Path path = path(model);
        if (PublishedShapes.names().contains(model)) {
            return shape(model, PublishedShapes.named(model));
        }
        AtomicFolders.recover(path);
        if (Files.exists(path)) {
            return shape(model, ModelFiles.config(path));
        }
        if (DefaultModel.named(model).isPresent()) {
            return shape(model, ModelFiles.config(find(model)));
        }
        if (PublishedModel.isReference(model)) {
            return shape(model, ModelFiles.config(PublishedModel.of(model).fetchConfig(Hub.ofEnvironment())));
        }
        return shape(model, PublishedShapes.named(model));
    }

    /** The sizes of a folder's or a file's model; see {@link #shape(String)}. */
    public static ModelShape shape(Path model) {
        return shape(model.toString());
    }

    /** The sizes of a model with these settings; see {@link #shape(String)}. */
    public static ModelShape shape(String name, ModelConfig config) {
        return ModelShape.of(name, config);
    }

    private static void checkWrites(Path folder) {
        if (!Files.exists(folder.resolve("config.json"))) {
            throw new BadFileException(
                    folder,
                    "holds neither a model (no config.json) nor an adapter (no adapter_config.json). "
                            + AdapterFolder.content(folder));
        }
        TaskHead.in(folder).ifPresent(head -> {
            throw new BadFileException(
                    folder,
                    "holds a %1$s (%2$s); load it with Models.%1$s(\"%3$s\")"
                            .formatted(head.task().model(), String.join(", ", head.labels()), folder));
        });
    }

    /** Finds an adapter's base, and gives its name or path, or says how to name one. */
    private static String located(AdapterFolder adapter) {
        String base = adapter.base();
        boolean named = GPT2.containsKey(base) || DefaultModel.named(base).isPresent() || Files.exists(Path.of(base));
        Optional<Path> nearby = named ? Optional.empty() : adapter.baseNearby();
        if (nearby.isPresent()) {
            return nearby.get().toString();
        }
        try {
            find(base);
            return base;
        } catch (UnknownNameException | BadFileException e) {
            throw adapter.noBase("its base model was not found: " + e.getMessage(), e);
        }
    }

    private static Path find(String model) {
        Path path = path(model);
        Optional<DefaultModel> installed = DefaultModel.named(model);
        if (installed.isPresent()) {
            return installed.get().find(PythonEnvironment.ofProcess(), Hub.ofEnvironment());
        }
        if (GPT2.containsKey(model)) {
            return PublishedModel.of(GPT2.get(model)).fetch(Hub.ofEnvironment());
        }
        AtomicFolders.recover(path);
        if (Files.exists(path)) {
            return path;
        }
        if (PublishedModel.isReference(model)) {
            return PublishedModel.of(model).fetch(Hub.ofEnvironment());
        }
        List<String> known = new ArrayList<>(GPT2.keySet());
        DefaultModel.ALL.forEach(one -> known.add(one.name()));
        if (model.contains("/") || model.contains("\\") || model.endsWith(".gguf")) {
            throw new BadFileException(path, "does not exist. Models with a name are: " + String.join(", ", known));
        }
        throw new UnknownNameException("model", model, known);
    }

    static Path path(String model) {
        BadArgumentException.unless(model != null && !model.isBlank(), "model", model, "a name or a path");
        try {
            return Path.of(model);
        } catch (InvalidPathException e) {
            throw new BadArgumentException("model", model, "a name or a path: " + e.getReason());
        }
    }

    private static Map<String, String> names() {
        Map<String, String> names = new LinkedHashMap<>();
        for (String name : List.of("gpt2", "gpt2-medium", "gpt2-large", "gpt2-xl")) {
            names.put(name, "openai-community/" + name);
        }
        return names;
    }
}
