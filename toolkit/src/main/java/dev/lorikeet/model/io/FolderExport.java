package dev.lorikeet.model.io;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.file.AtomicFiles;
import dev.lorikeet.base.file.AtomicFolders;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.Ops;
import dev.lorikeet.text.TokenizerFiles;
import dev.lorikeet.weights.NewTensor;
import dev.lorikeet.weights.Producer;
import dev.lorikeet.weights.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes a model as a folder in Hugging Face's layout. */
public final class FolderExport {

    private static final String GENERATION = "generation_config.json";
    static final Map<DType, String> TYPES = Map.of(DType.FLOAT32, "F32", DType.FLOAT16, "F16", DType.BFLOAT16, "BF16");

    private final LoadedModel model;
    private final Set<String> active;
    private final DType dtype;
    private final long limit;
    private final Optional<TaskHead> head;

    /** @param head for a task; empty for a model without one */
    public FolderExport(LoadedModel model, Set<String> active, DType dtype, long limit, Optional<TaskHead> head) {
        this.model = model;
        this.head = head;
        this.active = active;
        this.dtype = dtype;
        this.limit = limit;
    }

    public SavedModel write(Path folder) {
        List<String> names = new ArrayList<>();
        try (Export export = new Export(model, active, folder)) {
            AtomicFolders.write(folder, FolderExport::isOurs, part -> fill(part, export, names));
        }
        return SavedModel.of(folder, dtype, names.stream().map(folder::resolve).toList());
    }

    private void fill(Path folder, Export export, List<String> names) {
        AtomicFiles.writeText(folder.resolve(ModelFiles.CONFIG), ConfigJson.of(model, dtype, head));
        List<String> tokenizer = model.origin()
                .map(origin ->
                        TokenizerFiles.write(origin, folder, model.config().contextLength()))
                .orElse(List.of());
        if (tokenizer.isEmpty()) {
            System.out.println(model.name() + " came without tokenizer files, so that none are saved with it.");
        }
        List<NewTensor> tensors =
                export.weights().stream().map(weight -> tensor(weight, export)).toList();
        // "format" is what transformers asks for.
        Safetensors.writeModel(folder, tensors, Map.of("format", "pt", Producer.KEY, Producer.VALUE), limit)
                .forEach(file -> names.add(file.getFileName().toString()));
        names.add(ModelFiles.CONFIG);
        copyGeneration(folder, names);
        names.addAll(tokenizer);
    }

    private NewTensor tensor(ExportedWeight weight, Export export) {
        String type = TYPES.get(dtype);
        if (!weight.tensor().isTransposed()) {
            return new NewTensor(weight.name(), weight.shape(), type, export.counted(weight, weight.copy()));
        }
        Shape shape = new Shape(weight.shape().get(1), weight.shape().get(0));
        return new NewTensor(weight.name(), shape, type, export.counted(weight, () -> {
            try (NDArray array = weight.copy().get()) {
                return Ops.transposed(array);
            }
        }));
    }

    private void copyGeneration(Path folder, List<String> names) {
        model.origin()
                .filter(origin -> Files.isRegularFile(origin.resolve(GENERATION)))
                .ifPresent(origin -> {
                    TokenizerFiles.copy(origin, folder, GENERATION);
                    names.add(GENERATION);
                });
    }

    /** Whether a folder holds nothing but what an earlier export wrote. */
    private static boolean isOurs(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            Set<String> names = files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
            return names.stream().allMatch(FolderExport::mayBeOurs)
                    && Stream.of(ModelFiles.WEIGHTS, ModelFiles.INDEX)
                            .filter(names::contains)
                            .allMatch(name -> Producer.mayWrite(folder.resolve(name)))
                    && (names.contains(ModelFiles.WEIGHTS) || names.contains(ModelFiles.INDEX));
        } catch (IOException e) {
            throw new BadFileException(folder, "could not be read: " + e.getMessage(), e);
        }
    }

    private static boolean mayBeOurs(String name) {
        return List.of(ModelFiles.CONFIG, GENERATION, ModelFiles.INDEX).contains(name)
                || TokenizerFiles.NAMES.contains(name)
                || name.matches("model(-\\d{5}-of-\\d{5})?\\.safetensors");
    }
}
