package dev.lorikeet.weights.codec;

import ai.djl.ndarray.types.DataType;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A type in which a file stores tensors, in blocks of so many weights and bytes. Names and sizes are those of the safetensors
 * documentation and of ggml's block definitions. A type without a decoder is known by name, so that it can be refused by name.
 */
public enum TensorType {
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

    Q4_0(2, 32, 18, BlockLayouts.Q4_0, null),
    Q4_1(3, 32, 20, BlockLayouts.Q4_1, null),
    Q5_0(6, 32, 22, BlockLayouts.Q5_0, null),
    Q5_1(7, 32, 24, BlockLayouts.Q5_1, null),
    Q8_0(8, 32, 34, BlockLayouts.Q8_0, Encoders::q8v0),
    Q8_1(9, 32, 40),
    Q2_K(10, 256, 84, BlockLayouts.Q2_K, null),
    Q3_K(11, 256, 110, BlockLayouts.Q3_K, null),
    Q4_K(12, 256, 144, BlockLayouts.Q4_K, null),
    Q5_K(13, 256, 176, BlockLayouts.Q5_K, null),
    Q6_K(14, 256, 210, BlockLayouts.Q6_K, null),
    Q8_K(15, 256, 292),
    IQ2_XXS(16, 256, 66),
    IQ2_XS(17, 256, 74),
    IQ3_XXS(18, 256, 98),
    IQ1_S(19, 256, 50),
    IQ4_NL(20, 32, 18, BlockLayouts.IQ4_NL, null),
    IQ3_S(21, 256, 110),
    IQ2_S(22, 256, 82),
    IQ4_XS(23, 256, 136, BlockLayouts.IQ4_XS, null),
    IQ1_M(29, 256, 56),
    TQ1_0(34, 256, 54),
    TQ2_0(35, 256, 66),
    MXFP4(39, 32, 17, BlockLayouts.MXFP4, null),
    /** Not read: such files keep a second scale in tensors of their own. */
    NVFP4(40, 64, 36),
    Q1_0(41, 128, 18);

    /** The types of safetensors files. */
    public static final Set<TensorType> SAFETENSORS = EnumSet.range(F64, F8_E8M0);

    /** The types of GGUF files. */
    public static final Set<TensorType> GGUF =
            Arrays.stream(values()).filter(type -> type.ggufId >= 0).collect(Collectors.toSet());

    private static final Map<Integer, TensorType> BY_GGUF_ID =
            GGUF.stream().collect(Collectors.toMap(type -> type.ggufId, Function.identity()));

    private final int ggufId;
    private final int blockWeights;
    private final int blockBytes;
    private final DataType inMemory;
    private final Decoder decoder;
    private final Encoder encoder;
    private final BlockLayout layout;

    /** A type of safetensors alone, stored as it is in memory; {@code inMemory} is null if it is not read. */
    TensorType(int blockWeights, int blockBytes, DataType inMemory) {
        this(-1, blockWeights, blockBytes, inMemory, null, null, null);
    }

    /** A type of GGUF that is not read. */
    TensorType(int ggufId, int blockWeights, int blockBytes) {
        this(ggufId, blockWeights, blockBytes, null, null, null, null);
    }

    /** A quantized type of GGUF; {@code encoder} is null if it is not written. */
    TensorType(int ggufId, int blockWeights, int blockBytes, BlockLayout layout, Encoder encoder) {
        this(
                ggufId,
                blockWeights,
                blockBytes,
                DataType.FLOAT32,
                layout.decoder(blockWeights, blockBytes),
                encoder,
                layout);
    }

    TensorType(int ggufId, int blockWeights, int blockBytes, DataType inMemory, Decoder decoder) {
        this(ggufId, blockWeights, blockBytes, inMemory, decoder, null, null);
    }

    TensorType(int ggufId, int blockWeights, int blockBytes, DataType inMemory, Decoder decoder, Encoder encoder) {
        this(ggufId, blockWeights, blockBytes, inMemory, decoder, encoder, null);
    }

    TensorType(
            int ggufId,
            int blockWeights,
            int blockBytes,
            DataType inMemory,
            Decoder decoder,
            Encoder encoder,
            BlockLayout layout) {
        this.ggufId = ggufId;
        this.blockWeights = blockWeights;
        this.blockBytes = blockBytes;
        this.inMemory = inMemory;
        this.decoder = decoder;
        this.encoder = encoder;
        this.layout = layout;
    }

    /** The number of the type in GGUF files; -1 if they have none such. */
    public int ggufId() {
        return ggufId;
    }

    /** Weights in a block; 1 for plain types. */
    public int blockWeights() {
        return blockWeights;
    }

    /** Bytes of a block. */
    public int blockBytes() {
        return blockBytes;
    }

    public boolean isReadable() {
        return inMemory != null;
    }

    /** The engine's type of the values once they are read; null if they cannot be read. */
    public DataType inMemory() {
        return inMemory;
    }

    /** Decodes to {@link #inMemory}; empty if the stored bytes are those in memory. */
    public Optional<Decoder> decoder() {
        return Optional.ofNullable(decoder);
    }

    /** Encodes float32; empty if the stored bytes are those in memory, or the type is not written. */
    public Optional<Encoder> encoder() {
        return Optional.ofNullable(encoder);
    }

    /** How blocks of this type are packed; empty if it is not quantized, or not read. */
    Optional<BlockLayout> layout() {
        return Optional.ofNullable(layout);
    }

    public static Optional<TensorType> fromGguf(int id) {
        return Optional.ofNullable(BY_GGUF_ID.get(id));
    }

    public static Optional<TensorType> fromSafetensors(String name) {
        return SAFETENSORS.stream().filter(type -> type.name().equals(name)).findFirst();
    }

    /** Lists those of {@code types} that can be read, for messages. */
    public static String readable(Set<TensorType> types) {
        return EnumSet.copyOf(types).stream()
                .filter(TensorType::isReadable)
                .map(Enum::name)
                .collect(Collectors.joining(", "));
    }
}
