package dev.lorikeet.model.io;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.file.AtomicFiles;
import dev.lorikeet.base.file.AtomicFolders;
import dev.lorikeet.model.block.ParameterSlot;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.Ops;
import dev.lorikeet.tensor.format.QuantizedArray;
import dev.lorikeet.text.Tokenizer;
import dev.lorikeet.text.TokenizerFiles;
import dev.lorikeet.text.Tokenizers;
import dev.lorikeet.weights.NewTensor;
import dev.lorikeet.weights.QuantizedFile;
import dev.lorikeet.weights.Safetensors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Writes a model as it is in memory, for other processes to load: dense weights in the type in which they are kept, quantized ones bit
 * for bit. Active adapters are left out; they have files of their own.
 */
public final class ModelSnapshot {

    private final LoadedModel model;
    private final Set<String> active;

    private ModelSnapshot(LoadedModel model, Set<String> active) {
        this.model = model;
        this.active = active;
    }

    /**
     * Writes a folder that {@code Models.load} reads, or with a head for a task {@code Models.classifier} and its kin.
     *
     * @param active the names of the active adapters
     * @param head for a task; empty for a model without one, or whose head an adapter brings
     * @param folder a new one
     */
    public static void write(LoadedModel model, Set<String> active, Optional<TaskHead> head, Path folder) {
        ModelSnapshot snapshot = new ModelSnapshot(model, active);
        AtomicFolders.write(folder, part -> snapshot.fill(part, head));
    }

    /**
     * Writes a folder with the tokenizer alone, which {@link #tokenizer} reads.
     *
     * @param folder a new one
     */
    public static void writeTokenizer(LoadedModel model, Path folder) {
        ModelSnapshot snapshot = new ModelSnapshot(model, Set.of());
        AtomicFolders.write(folder, part -> snapshot.fillTokenizer(part, Optional.empty()));
    }

    private void fill(Path folder, Optional<TaskHead> head) {
        fillTokenizer(folder, head);
        Map<String, QuantizedArray> quantized = new LinkedHashMap<>();
        List<NewTensor> dense = new ArrayList<>();
        for (ExportedWeight weight : ExportedWeight.of(model.transformer(), Export.config(model))) {
            Optional<QuantizedArray> stored = weight.slot().quantized();
            if (stored.isPresent()) {
                quantized.put(weight.name(), stored.get());
            } else {
                dense.add(tensor(weight));
            }
        }
        Safetensors.writeModel(folder, dense, Map.of("format", "pt"), Long.MAX_VALUE);
        QuantizedFile.write(folder.resolve(QuantizedFile.NAME), quantized);
    }

    /** Writes the settings, which name special tokens, and the tokenizer's files; the tokenizer inside the jar has none. */
    private void fillTokenizer(Path folder, Optional<TaskHead> head) {
        AtomicFiles.writeText(
                folder.resolve(ModelFiles.CONFIG),
                ConfigJson.of(model, model.transformer().computeDtype(), head));
        if (Tokenizers.isInJar(model.tokenizer())) {
            return;
        }
        Path origin = model.origin()
                .orElseThrow(() ->
                        new LorikeetException("%s has no tokenizer files, which a copy of it needs; load it from files"
                                .formatted(model.name())));
        TokenizerFiles.write(origin, folder, model.config().contextLength());
    }

    /** The tokenizer of a snapshot. */
    public static Tokenizer tokenizer(Path folder) {
        boolean files = TokenizerFiles.NAMES.stream().map(folder::resolve).anyMatch(Files::exists);
        return files ? Tokenizers.fromFolder(folder) : Tokenizers.gpt2();
    }

    private NewTensor tensor(ExportedWeight weight) {
        ParameterSlot slot = weight.slot();
        boolean replaced = slot.override()
                .filter(override -> active.contains(override.adapter()))
                .isPresent();
        NDArray kept = (replaced ? slot.own() : slot.used()).getArray();
        Supplier<NDArray> copy = () -> replaced ? slot.copy(kept.getManager()) : slot.copyUsed(kept.getManager());
        String type = FolderExport.TYPES.get(DType.of(kept));
        if (!weight.tensor().isTransposed()) {
            return new NewTensor(weight.name(), weight.shape(), type, copy);
        }
        Shape shape = new Shape(weight.shape().get(1), weight.shape().get(0));
        return new NewTensor(weight.name(), shape, type, () -> {
            try (NDArray array = copy.get()) {
                return Ops.transposed(array);
            }
        });
    }
}
