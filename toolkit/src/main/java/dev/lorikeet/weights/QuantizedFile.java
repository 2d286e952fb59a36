package dev.lorikeet.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.Gson;
import com.google.gson.JsonSyntaxException;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.tensor.format.QuantizedArray;
import dev.lorikeet.tensor.format.WeightFormat;
import dev.lorikeet.tensor.format.WeightFormats;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Quantized weights in a safetensors file, bit for bit as they are in memory: the values under the weight's name, its auxiliary
 * tensors as NAME.0, NAME.1 …, and the rest in the metadata. A codebook that belongs to the format is not stored.
 */
public record QuantizedFile(TensorFile file) implements AutoCloseable {

    /** Its name in a folder. */
    public static final String NAME = "quantized.safetensors";

    /** The type of codebooks of pairs. */
    private static final DataType CODEBOOK = DataType.COMPLEX64;

    /**
     * What is said of a weight beside its tensors.
     *
     * @param format id of the {@link WeightFormat}
     * @param types of the auxiliary tensors, as reading a file makes float32 of all floating-point ones
     */
    private record Facts(String name, int format, long[] shape, int offset, long groupSize, DataType... types) {

        static Facts of(QuantizedArray array) {
            return new Facts(
                    array.name(),
                    array.format().id(),
                    array.shape().getShape(),
                    array.offset(),
                    array.groupSize(),
                    array.auxiliary().stream().map(NDArray::getDataType).toArray(DataType[]::new));
        }
    }

    /** Writes weights by their names, whole or not at all. */
    public static void write(Path path, Map<String, QuantizedArray> weights) {
        Map<String, NDArray> tensors = new LinkedHashMap<>();
        Map<String, String> facts = new LinkedHashMap<>();
        weights.forEach((name, array) -> {
            tensors.put(name, array.qweight());
            NDList auxiliary = array.auxiliary();
            for (int i = 0; i < auxiliary.size(); i++) {
                if (auxiliary.get(i).getDataType() != CODEBOOK) {
                    tensors.put(name + "." + i, auxiliary.get(i));
                }
            }
            facts.put(name, new Gson().toJson(Facts.of(array)));
        });
        Safetensors.write(path, tensors, facts);
    }

    public static QuantizedFile open(Path path) {
        return new QuantizedFile(Safetensors.open(path));
    }

    public boolean has(String name) {
        return file.metadata().containsKey(name);
    }

    /**
     * Reads a weight; empty if it is not here.
     *
     * @throws BadFileException if its tensors and what the metadata says of it do not make a matrix of the expected shape
     */
    public Optional<QuantizedArray> read(String name, Shape expected, NDManager manager) {
        if (!has(name)) {
            return Optional.empty();
        }
        Facts facts = facts(name);
        if (!Arrays.equals(facts.shape(), expected.getShape())) {
            throw damaged(name, "it is %s, not %s".formatted(Arrays.toString(facts.shape()), expected), null);
        }
        NDList auxiliary = new NDList();
        for (int i = 0; i < facts.types().length; i++) {
            auxiliary.add(auxiliary(name + "." + i, facts.types()[i], manager));
        }
        QuantizedArray array = new QuantizedArray(
                facts.name(),
                format(name, facts),
                expected,
                tensor(name, manager),
                auxiliary,
                facts.offset(),
                facts.groupSize());
        if (!array.isWhole()) {
            array.close();
            throw damaged(
                    name, "its tensors are not as long as %s of %s needs".formatted(expected, facts.name()), null);
        }
        return Optional.of(array);
    }

    private WeightFormat format(String name, Facts facts) {
        return WeightFormats.withId(facts.format())
                .orElseThrow(() -> damaged(name, "format " + facts.format() + " is not known to this version", null));
    }

    private NDArray auxiliary(String name, DataType type, NDManager manager) {
        if (type == CODEBOOK) {
            return WeightFormats.NF4.codebook(manager);
        }
        NDArray read = tensor(name, manager);
        if (read.getDataType() == type) {
            return read;
        }
        try (read) {
            return read.toType(type, true);
        }
    }

    private NDArray tensor(String name, NDManager manager) {
        if (!file.names().contains(name)) {
            throw damaged(name, "it is missing", null);
        }
        return file.read(name, manager);
    }

    private Facts facts(String name) {
        Facts facts = null;
        JsonSyntaxException problem = null;
        try {
            facts = new Gson().fromJson(file.metadata().get(name).toString(), Facts.class);
        } catch (JsonSyntaxException e) {
            problem = e;
        }
        if (facts == null
                || facts.name() == null
                || facts.types() == null
                || Arrays.asList(facts.types()).contains(null)) {
            throw damaged(name, "what the metadata says of it cannot be read", problem);
        }
        return facts;
    }

    private BadFileException damaged(String name, String problem, Exception cause) {
        return new BadFileException(file.path(), "weight \"%s\": %s".formatted(name, problem), cause);
    }

    @Override
    public void close() {
        file.close();
    }
}
