package dev.lorikeet.model.io;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.model.config.Part;
import dev.lorikeet.model.spec.Family;
import dev.lorikeet.model.spec.TensorSpec;
import dev.lorikeet.tensor.Ops;
import dev.lorikeet.weights.TensorFile;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** A safetensors checkpoint under Hugging Face's names. */
public record SafetensorsSource(TensorFile file, Family family) implements FileSource {

    @Override
    public boolean has(TensorSpec tensor) {
        return file.names().contains(stored(tensor));
    }

    /**
     * The settings with a head that is tied as the tensors have it. As transformers 5 does, a head of its own is used though the
     * settings tie it.
     *
     * @throws BadFileException if the head is neither there nor tied
     */
    ModelConfig settled(ModelConfig config) {
        if (!family.has(Part.HEAD)) {
            return config;
        }
        TensorSpec head = family.weight(config, Part.HEAD, 0);
        TensorSpec table = family.weight(config, Part.TOKENS, 0);
        boolean own = has(head) && !(has(table) && file.storesAlike(stored(head), stored(table)));
        if (config.tiedEmbeddings() && own) {
            System.out.printf(
                    "%s has a \"%s\" that is not the token table, though \"tie_word_embeddings\" is true in its %s; the model uses it, "
                            + "as transformers 5 does.%n",
                    file.path(), head.huggingFace(), ModelFiles.CONFIG);
            return config.change().tiedEmbeddings(false).build();
        }
        if (!config.tiedEmbeddings() && !has(head) && !TaskHead.isIn(this, config)) {
            throw new BadFileException(
                    file.path(),
                    "has no tensor \"%s\", and \"tie_word_embeddings\" is false in its %s; set it to true if the head of this model "
                                    .formatted(head.huggingFace(), ModelFiles.CONFIG)
                            + "is its token table");
        }
        return config;
    }

    @Override
    public NDArray take(TensorSpec tensor, NDManager manager) {
        String name = tensor.huggingFace();
        if (!has(tensor)) {
            throw new BadFileException(
                    file.path(), "has no tensor \"%s\", which a %s model needs".formatted(name, family));
        }
        NDArray array = file.readWeights(stored(tensor), manager);
        if (tensor.isTransposed() && array.getShape().dimension() == 2) {
            try (NDArray before = array) {
                array = Ops.transposed(before);
            }
        }
        return WeightSource.checked(array, tensor, name, file.path());
    }

    /** Some of the hub's own files leave out the first part of the name, and early ones of BERT call the parts of a norm otherwise. */
    private String stored(TensorSpec tensor) {
        String name = tensor.huggingFace();
        String prefix = family.optionalPrefix();
        String shortened = name.startsWith(prefix) ? name.substring(prefix.length()) : name;
        return Stream.of(name, early(name), shortened, early(shortened))
                .filter(file.names()::contains)
                .findFirst()
                .orElse(name);
    }

    private static String early(String name) {
        return name.replaceFirst("LayerNorm\\.weight$", "LayerNorm.gamma")
                .replaceFirst("LayerNorm\\.bias$", "LayerNorm.beta");
    }

    @Override
    public Optional<Path> origin() {
        return Optional.of(file.path().toAbsolutePath().getParent());
    }
}
