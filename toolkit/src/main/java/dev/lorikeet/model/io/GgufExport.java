package dev.lorikeet.model.io;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.model.config.Part;
import dev.lorikeet.model.family.ConfigFiles;
import dev.lorikeet.model.family.Families;
import dev.lorikeet.model.spec.Family;
import dev.lorikeet.model.spec.GgufKeys;
import dev.lorikeet.text.TokenizerFiles;
import dev.lorikeet.weights.Gguf;
import dev.lorikeet.weights.NewTensor;
import dev.lorikeet.weights.Producer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes a model as a GGUF file with the keys that llama.cpp needs. */
public final class GgufExport {

    private static final long QUANTIZATION_VERSION = 2;
    private static final int BLOCK = 32;

    private final LoadedModel model;
    private final Set<String> active;
    private final Family family;
    private final ModelConfig config;
    private final GgufType type;

    public GgufExport(LoadedModel model, Set<String> active, GgufType type) {
        this.model = model;
        this.active = active;
        this.family = Families.named(model.config().family());
        this.config = Export.config(model);
        this.type = type;
    }

    public SavedModel write(Path file) {
        BadArgumentException.unless(Producer.mayWrite(file), "file", file, "a new one; this one is of others");
        GgufKeys settings = settings();
        try (Export export = new Export(model, active, file)) {
            List<NewTensor> tensors = new ArrayList<>();
            export.weights().forEach(weight -> tensors.add(tensor(weight, export)));
            if (config.tiedEmbeddings() && family.repeatsTiedHeadInGguf()) {
                tensors.add(repeatedHead(export));
            }
            settings.tensors()
                    .forEach((name, elements) -> tensors.add(
                            new NewTensor(name, new Shape(elements.length), GgufType.F32.name(), () -> model.manager()
                                    .create(elements))));
            Gguf.write(file, metadata(settings), tensors);
        }
        return SavedModel.of(file, type, List.of(file));
    }

    private GgufKeys settings() {
        if (family.gguf().isEmpty()) {
            throw new LorikeetException("GGUF has no architecture for a %s; save a folder".formatted(family));
        }
        return ConfigFiles.gguf(config);
    }

    private NewTensor tensor(ExportedWeight weight, Export export) {
        return new NewTensor(weight.tensor().gguf(), weight.shape(), type(weight), export.counted(weight, () -> {
            NDArray array = weight.copy().get();
            return GgufTensors.toFile(array, weight.tensor());
        }));
    }

    private NewTensor repeatedHead(Export export) {
        ExportedWeight table = export.weights().stream()
                .filter(weight -> weight.tensor().part() == Part.TOKENS)
                .findFirst()
                .orElseThrow();
        String name = family.weight(config, Part.HEAD, 0).gguf();
        return new NewTensor(name, table.shape(), type(table), table.copy());
    }

    private String type(ExportedWeight weight) {
        if (weight.shape().dimension() < 2 || weight.tensor().part() == Part.POSITIONS) {
            return GgufType.F32.name();
        }
        boolean blocks = weight.shape().get(1) % BLOCK == 0;
        return type == GgufType.Q8_0 && !blocks ? GgufType.F16.name() : type.name();
    }

    private Map<String, Object> metadata(GgufKeys settings) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("general.architecture", family.gguf());
        keys.put("general.type", "model");
        keys.put("general.name", name());
        keys.put("general.file_type", type.fileType());
        keys.put("general.quantization_version", QUANTIZATION_VERSION);
        keys.put(Producer.KEY, Producer.VALUE);
        keys.putAll(settings.keys());
        Map<String, Object> tokenizer = model.origin()
                .map(origin -> TokenizerFiles.toGguf(origin, config.vocabSize()))
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
}
