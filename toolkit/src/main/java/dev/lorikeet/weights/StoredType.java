package dev.lorikeet.weights;

import ai.djl.ndarray.types.DataType;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How weights are stored: in blocks of so many weights and bytes. To support one more type, give it its decoder. Names and
 * sizes are those of the safetensors documentation and of ggml's block definitions.
 */
enum StoredType {
    F64(28, 1, 8, DataType.FLOAT32, Decoders::f64),
    F32(0, 1, 4, DataType.FLOAT32, null),
    F16(1, 1, 2, DataType.FLOAT32, Decoders::f16, Encoders::f16),
    BF16(30, 1, 2, DataType.FLOAT32, Decoders::bf16, Encoders::bf16),
    I64(27, 1, 8, DataType.INT64, null),
    I32(26, 1, 4, DataType.INT32, null),
    I16(25, 1, 2, DataType.INT32, Decoders::i16),
    I8(24, 1, 1, DataType.INT8, null),
    U8(1, 1, DataType.UINT8),
    BOOL(1, 1, DataType.BOOLEAN),
    U16(1, 2, null),
    U32(1, 4, null),
    U64(1, 8, null),
    C64(1, 8, null),
    F8_E4M3(1, 1, null),
    F8_E5M2(1, 1, null),
    F8_E8M0(1, 1, null),

    Q4_0(2, 32, 18, DataType.FLOAT32, Decoders::q4v0),
    Q4_1(3, 32, 20, DataType.FLOAT32, Decoders::q4v1),
    Q5_0(6, 32, 22, DataType.FLOAT32, Decoders::q5v0),
    Q5_1(7, 32, 24, DataType.FLOAT32, Decoders::q5v1),
    Q8_0(8, 32, 34, DataType.FLOAT32, Decoders::q8v0, Encoders::q8v0),
    Q8_1(9, 32, 40),
    Q2_K(10, 256, 84),
    Q3_K(11, 256, 110),
    Q4_K(12, 256, 144, DataType.FLOAT32, KDecoders::q4k),
    Q5_K(13, 256, 176, DataType.FLOAT32, KDecoders::q5k),
    Q6_K(14, 256, 210, DataType.FLOAT32, KDecoders::q6k),
    Q8_K(15, 256, 292),
    IQ2_XXS(16, 256, 66),
    IQ2_XS(17, 256, 74),
    IQ3_XXS(18, 256, 98),
    IQ1_S(19, 256, 50),
    IQ4_NL(20, 32, 18),
    IQ3_S(21, 256, 110),
    IQ2_S(22, 256, 82),
    IQ4_XS(23, 256, 136),
    IQ1_M(29, 256, 56),
    TQ1_0(34, 256, 54),
    TQ2_0(35, 256, 66),
    MXFP4(39, 32, 17);

    /** Stored types of the one format and of the other. */
    static final Set<StoredType> SAFETENSORS = EnumSet.range(F64, F8_E8M0);

    static final Set<StoredType> GGUF =
            Arrays.stream(values()).filter(type -> type.ggufId >= 0).collect(Collectors.toSet());

    private static final Map<Integer, StoredType> BY_GGUF_ID =
            GGUF.stream().collect(Collectors.toMap(type -> type.ggufId, Function.identity()));

    final int ggufId;
    final int blockWeights;
    final int blockBytes;

    /** What the weights become in memory; null if they cannot be read. */
    final DataType inMemory;

    /** Null if the stored bytes are those in memory. */
    final Decoder decoder;

    /** The way back; null if the stored bytes are those in memory, or if the type is not written. */
    final Encoder encoder;

    StoredType(int blockWeights, int blockBytes, DataType inMemory) {
        this(-1, blockWeights, blockBytes, inMemory, null);
    }

    StoredType(int ggufId, int blockWeights, int blockBytes) {
        this(ggufId, blockWeights, blockBytes, null, null);
    }

    StoredType(int ggufId, int blockWeights, int blockBytes, DataType inMemory, Decoder decoder) {
        this(ggufId, blockWeights, blockBytes, inMemory, decoder, null);
    }

    StoredType(int ggufId, int blockWeights, int blockBytes, DataType inMemory, Decoder decoder, Encoder encoder) {
        this.ggufId = ggufId;
        this.blockWeights = blockWeights;
        this.blockBytes = blockBytes;
        this.inMemory = inMemory;
        this.decoder = decoder;
        this.encoder = encoder;
    }

    boolean isReadable() {
        return inMemory != null;
    }

    static Optional<StoredType> ofGguf(int id) {
        return Optional.ofNullable(BY_GGUF_ID.get(id));
    }

    static Optional<StoredType> ofSafetensors(String name) {
        return SAFETENSORS.stream().filter(type -> type.name().equals(name)).findFirst();
    }

    /** The names of those of {@code types} that can be read, for messages. */
    static String readable(Set<StoredType> types) {
        return EnumSet.copyOf(types).stream()
                .filter(StoredType::isReadable)
                .map(Enum::name)
                .collect(Collectors.joining(", "));
    }
}
