package dev.lorikeet.tensor;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.base.BadArgumentException;
import java.nio.ByteBuffer;

/**
 * A matrix in a quantised form: a code for each number, in blocks that share constants. Two codes of 4 bits make a byte: where a
 * table says what they stand for, the first is its upper half, as bitsandbytes packs them; where they are steps of a scale, the
 * upper halves of a row's bytes are the codes of the row's first half, which need not be taken apart one by one. Blocks may also
 * be records that hold their constants.
 */
public final class QuantizedArray implements AutoCloseable {

    /** The numbers by which the fused operations know a form; see dequantize in ops.py. */
    private enum Form {
        NUMBERS,
        BYTES,
        BYTES_WITH_MINIMUM,
        TABLE,
        TABLE_DOUBLY,
        NIBBLES,
        NIBBLES_WITH_MINIMUM,
        /** What {@link PackedCodes} makes. */
        PACKED,
        RECORDS
    }

    /** Bytes of a block of {@link #records} and its numbers. */
    public static final int RECORD = 20;

    public static final int RECORD_NUMBERS = 32;

    private final String name;
    private final Shape shape;
    private final NDArray codes;
    private final NDList constants;
    private final NDArray description;
    private final Form form;

    private QuantizedArray(String name, Form form, Shape shape, NDArray codes, NDList constants, int leastCode) {
        this.name = name;
        this.shape = shape;
        this.codes = codes;
        this.constants = constants;
        this.form = form;
        this.description = description(codes.getManager(), form, shape, constants.size(), leastCode);
    }

    /** Of {@link PackedCodes}. */
    static NDArray packedDescription(NDManager manager, Shape shape, int constants, long block) {
        return description(manager, Form.PACKED, shape, constants, block);
    }

    private static NDArray description(NDManager manager, Form form, Shape shape, int constants, double rest) {
        return manager.create(new double[] {form.ordinal(), shape.get(0), shape.get(1), constants, rest})
                .toDevice(Device.cpu(), false);
    }

    /**
     * What stands in the place of a form where an array holds plain numbers.
     *
     * @param host a manager on the CPU
     */
    public static NDArray plain(NDManager host) {
        return host.create(new double[] {Form.NUMBERS.ordinal(), 0, 0, 0, 0});
    }

    /** Whether so many numbers can be put in this form. */
    public static boolean fits(Shape shape, Quantization how) {
        return switch (how) {
            case NF4, NF4_DOUBLE -> shape.dimension() == 2 && shape.get(1) % Nf4.BLOCK == 0;
            case INT8 -> shape.dimension() == 2;
            case AS_STORED -> false;
        };
    }

    /**
     * Quantises a matrix.
     *
     * @param matrix float32 on the CPU, in row-major order
     * @param manager owns the result, on its device
     */
    public static QuantizedArray of(NDArray matrix, Quantization how, NDManager manager) {
        Shape shape = matrix.getShape();
        BadArgumentException.unless(
                fits(shape, how),
                "matrix",
                shape,
                "a matrix whose rows are a multiple of " + Nf4.BLOCK + " for " + how);
        return switch (how) {
            case NF4 -> {
                Nf4 packed = Nf4.of(matrix);
                NDList constants = new NDList(Ops.pairTable(manager, Nf4.VALUES), manager.create(packed.largest()));
                NDArray codes = codes(packed.codes(), DataType.UINT8, manager);
                yield new QuantizedArray(how.name(), Form.TABLE, shape, codes, constants, 0);
            }
            case NF4_DOUBLE -> doubly(shape, Nf4.of(matrix), manager);
            case INT8 -> {
                Int8 rows = Int8.of(matrix);
                yield bytes(how.name(), shape, rows.codes(), manager, manager.create(rows.scales()), null);
            }
            case AS_STORED -> throw new AssertionError(how);
        };
    }

    /**
     * Blocks of signed bytes: number = code · scale + minimum.
     *
     * @param name of the form
     * @param codes one a number
     * @param scales one a block, floating, in {@code manager}
     * @param minima as the scales, or null for none
     */
    public static QuantizedArray bytes(
            String name, Shape shape, byte[] codes, NDManager manager, NDArray scales, NDArray minima) {
        NDList constants = minima == null ? new NDList(scales) : new NDList(scales, minima);
        Form form = minima == null ? Form.BYTES : Form.BYTES_WITH_MINIMUM;
        return new QuantizedArray(name, form, shape, codes(codes, DataType.INT8, manager), constants, 0);
    }

    /**
     * Blocks of codes of 4 bits: number = (code + leastCode) · scale + minimum.
     *
     * @param name of the form
     * @param codes byte j of a row holds in its upper half the code of column j, in its lower half that of column j + columns / 2
     * @param scales one a block, floating, in {@code manager}
     * @param minima as the scales, or null for none
     */
    public static QuantizedArray nibbles(
            String name, Shape shape, byte[] codes, int leastCode, NDManager manager, NDArray scales, NDArray minima) {
        NDList constants = minima == null ? new NDList(scales) : new NDList(scales, minima);
        Form form = minima == null ? Form.NIBBLES : Form.NIBBLES_WITH_MINIMUM;
        return new QuantizedArray(name, form, shape, codes(codes, DataType.UINT8, manager), constants, leastCode);
    }

    /**
     * Blocks of 32 codes of 4 bits, each in a record of 20 bytes: number = code · scale + minimum. On a CPU the engine widens them at
     * once; it has no such way on a GPU.
     *
     * @param name of the form
     * @param records 16 bytes of codes, the first of two in the lower half; then scale and minimum in float16, little-endian
     * @param manager on a CPU
     */
    public static QuantizedArray records(String name, Shape shape, byte[] records, NDManager manager) {
        NDArray codes = codes(records, DataType.UINT8, manager);
        return new QuantizedArray(name, Form.RECORDS, shape, codes, new NDList(), 0);
    }

    private static QuantizedArray doubly(Shape shape, Nf4 packed, NDManager manager) {
        BlockMaxima maxima = BlockMaxima.of(packed.largest());
        NDList constants = new NDList(
                Ops.pairTable(manager, Nf4.VALUES),
                codes(maxima.codes(), DataType.UINT8, manager),
                manager.create(maxima.values()),
                manager.create(maxima.largest()),
                manager.create(maxima.offset()));
        return new QuantizedArray(
                Quantization.NF4_DOUBLE.name(),
                Form.TABLE_DOUBLY,
                shape,
                codes(packed.codes(), DataType.UINT8, manager),
                constants,
                0);
    }

    private static NDArray codes(byte[] codes, DataType type, NDManager manager) {
        try (NDManager host = manager.newSubManager(Device.cpu())) {
            NDArray array = host.create(new Shape(codes.length), type);
            int at = 0;
            for (ByteBuffer memory : TensorMemory.bytes(array)) {
                int count = memory.remaining();
                memory.put(codes, at, count);
                at += count;
            }
            NDArray placed = array.toDevice(manager.getDevice(), false);
            placed.attach(manager);
            return placed;
        }
    }

    /** Of the form, such as "NF4" or "Q4_1". */
    public String name() {
        return name;
    }

    /** Of the matrix. */
    public Shape shape() {
        return shape;
    }

    /** The codes, uint8 or int8, without the matrix's shape. */
    public NDArray codes() {
        return codes;
    }

    /** What fused operations take for a weight: the codes, the description of the form, its constants. */
    public NDList parts() {
        return new NDList(codes).addAll(rest());
    }

    /** The same without the codes. */
    public NDList rest() {
        return new NDList(description).addAll(constants);
    }

    /** The constants alone. */
    public NDList constants() {
        return constants;
    }

    /** The matrix in numbers, in {@code manager}. */
    public NDArray widened(NDManager manager, DType precision) {
        NDList numbers = new NDList(codes);
        numbers.addAll(constants);
        return Ops.dequantized(manager, description, precision, numbers);
    }

    /** Whether a code is a byte. */
    boolean isOfBytes() {
        return form == Form.BYTES || form == Form.BYTES_WITH_MINIMUM;
    }

    /** Whether a number is code · scale + minimum, in blocks. */
    boolean isOfSteps() {
        return isOfBytes() || form == Form.NIBBLES || form == Form.NIBBLES_WITH_MINIMUM || form == Form.RECORDS;
    }

    /** Codes of 4 bits that a number takes. */
    int halves() {
        return isOfBytes() ? 2 : 1;
    }

    /** Numbers that share constants. */
    long block() {
        return form == Form.RECORDS
                ? RECORD_NUMBERS
                : shape.size() / constants.head().size();
    }

    @Override
    public void close() {
        codes.close();
        constants.close();
        description.close();
    }
}
