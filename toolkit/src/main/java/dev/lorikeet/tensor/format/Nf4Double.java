package dev.lorikeet.tensor.format;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.tensor.Quantization;
import java.util.Optional;

/**
 * {@link Nf4} whose absmax are quantized again. Auxiliary tensors: codebook of pairs, then the parts of {@link NestedAbsmax}. Its
 * rows cannot be dequantized one by one.
 */
public final class Nf4Double extends WeightFormat {

    Nf4Double() {
        super(4, "NF4_DOUBLE");
    }

    @Override
    public long bytes(Shape shape) {
        return WeightFormats.NF4.bytes(shape);
    }

    @Override
    long auxiliaryBytes(Shape shape) {
        return Nf4.CODEBOOK_BYTES + NestedAbsmax.bytes(shape.size() / Nf4.BLOCK);
    }

    @Override
    boolean takes(NDList auxiliary, Shape shape, long groupSize) {
        long blocks = shape.size() / Nf4.BLOCK;
        long bytes = auxiliary.stream()
                .skip(1)
                .mapToLong(array -> array.size() * array.getDataType().getNumOfBytes())
                .sum();
        return groupSize == Nf4.BLOCK
                && auxiliary.size() == 5
                && auxiliary.get(1).size() >= blocks
                && bytes == NestedAbsmax.bytes(blocks);
    }

    @Override
    Optional<Quantization> quantization() {
        return Optional.of(Quantization.NF4_DOUBLE);
    }

    @Override
    boolean fits(Shape shape) {
        return WeightFormats.NF4.fits(shape);
    }

    @Override
    QuantizedArray quantize(NDArray matrix, NDManager manager) {
        Nf4.Packed packed = Nf4.pack(matrix);
        NestedAbsmax absmax = NestedAbsmax.of(packed.absmax());
        NDList auxiliary = new NDList(
                WeightFormats.NF4.codebook(manager),
                QuantizedValues.of(absmax.values(), DataType.UINT8, manager),
                manager.create(absmax.codebook()),
                manager.create(absmax.absmax()),
                manager.create(absmax.offset()));
        NDArray qweight = QuantizedValues.of(packed.values(), DataType.UINT8, manager);
        return new QuantizedArray(
                Quantization.NF4_DOUBLE.name(), this, matrix.getShape(), qweight, auxiliary, 0, Nf4.BLOCK);
    }
}
