package dev.lorikeet.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.Torch;
import dev.lorikeet.tensor.format.QuantizedArray;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GgufTest {

    private static final Path TYPES = Resources.file("types.gguf");

    private final NDManager manager = Torch.manager();

    @AfterEach
    void close() {
        manager.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "q4_0", "q4_1", "q8_0", "q5_0", "q5_1", "q2_k", "q3_k", "q4_k", "q5_k", "q6_k", "iq4_nl", "iq4_xs",
                "mxfp4"
            })
    void quantizedArraysDequantizeToTheSameBitsAsRead(String name) {
        try (Gguf stored = Gguf.open(TYPES)) {
            NDArray expected = stored.read(name, manager);
            int rows = (int) expected.getShape().get(0);
            QuantizedArray kept =
                    stored.quantized(name, IntUnaryOperator.identity(), manager).orElseThrow();
            assertEquals(name.toUpperCase(Locale.ROOT), kept.name());
            assertArrayEquals(Resources.bits(expected), Resources.bits(kept.dequantize(manager, DType.FLOAT32)));
            NDArray turned = stored.quantized(name, row -> rows - 1 - row, manager)
                    .orElseThrow()
                    .dequantize(manager, DType.FLOAT32);
            assertArrayEquals(Resources.bits(expected.flip(0)), Resources.bits(turned));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "f32", "f16", "bf16", "f64", "q4_0", "q4_1", "q8_0", "i8", "i16", "i32", "i64", "q5_0", "q5_1", "q2_k",
                "q3_k", "q4_k", "q5_k", "q6_k", "iq4_nl", "iq4_xs", "mxfp4"
            })
    void readsEachTypeAsPythonDoesBitForBit(String name) {
        try (TensorFile stored = TensorFile.open(TYPES);
                TensorFile expected = TensorFile.open(Resources.file("types-expected.safetensors"))) {
            NDArray array = stored.read(name, manager);
            NDArray reference = expected.read(name, manager);

            assertEquals(reference.getShape(), array.getShape());
            assertEquals(reference.getDataType(), array.getDataType());
            if (array.getDataType() == DataType.FLOAT32) {
                assertArrayEquals(Resources.bits(reference), Resources.bits(array));
            } else {
                assertArrayEquals(Resources.bytes(reference), Resources.bytes(array));
            }
        }
    }

    @Test
    void listsTensorsInTheOrderOfTheFile() {
        try (Gguf file = Gguf.open(TYPES)) {
            assertEquals(
                    List.of(
                            "f32", "f16", "bf16", "f64", "q4_0", "q4_1", "q8_0", "iq2_xxs", "i8", "i16", "i32", "i64",
                            "q5_0", "q5_1", "q4_k", "q5_k", "q6_k", "q2_k", "q3_k", "iq4_nl", "iq4_xs", "mxfp4"),
                    List.copyOf(file.names()));
            assertEquals(
                    new TensorFile.TensorInfo(
                            "f16", new Shape(2, 3, 7), "F16", file.entry("f16").offset(), 84),
                    file.entry("f16"));
            assertEquals(0, file.entry("q4_1").offset() % 64);
        }
    }

    @Test
    void givesMetadataInJavasTypes() {
        try (Gguf file = Gguf.open(TYPES)) {
            Map<String, Object> values = file.metadata();
            assertEquals("tiny", values.get("general.architecture"));
            assertEquals(200, values.get("value.uint8"));
            assertEquals(-100, values.get("value.int8"));
            assertEquals(60_000, values.get("value.uint16"));
            assertEquals(-30_000, values.get("value.int16"));
            assertEquals(4_000_000_000L, values.get("value.uint32"));
            assertEquals(-2_000_000_000, values.get("value.int32"));
            assertEquals(BigInteger.TWO.pow(64).subtract(BigInteger.ONE), values.get("value.uint64"));
            assertEquals(-(1L << 62), values.get("value.int64"));
            assertEquals(1.5f, values.get("value.float32"));
            assertEquals(0.1, values.get("value.float64"));
            assertEquals(true, values.get("value.bool"));
            assertEquals("Wellensittich – 鸚鵡 🦜", values.get("value.string"));
            assertEquals(List.of("a", "Ġthe", "▁🦜"), values.get("array.string"));
            assertArrayEquals(new int[] {1, -2, 3}, (int[]) values.get("array.int32"));
            assertArrayEquals(new float[] {0.5f, -1.5f}, (float[]) values.get("array.float32"));
            assertEquals(List.of(true, false), values.get("array.bool"));
            assertArrayEquals(new int[] {3}, (int[]) ((List<?>) values.get("array.array")).get(1));
        }
    }

    @Test
    void readsVersionTwo(@TempDir Path folder) throws IOException {
        byte[] bytes = Files.readAllBytes(TYPES);
        bytes[4] = 2;
        Path file = Files.write(folder.resolve("two.gguf"), bytes);

        try (Gguf two = Gguf.open(file)) {
            assertEquals(22, two.names().size());
        }
    }

    @Test
    void namesTheTypeThatIsNotSupported() {
        try (Gguf file = Gguf.open(TYPES)) {
            var error = assertThrows(BadFileException.class, () -> file.read("iq2_xxs", manager));
            assertTrue(
                    error.getMessage()
                            .endsWith(
                                    "types.gguf: tensor \"iq2_xxs\" has the type IQ2_XXS, which is not supported; supported"
                                            + " are F64, F32, F16, BF16, I64, I32, I16, I8, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, IQ4_NL, IQ4_XS, MXFP4"),
                    error.getMessage());
        }
    }

    @Test
    void proposesTheNearestNameForAnUnknownOne() {
        try (Gguf file = Gguf.open(TYPES)) {
            var error = assertThrows(UnknownNameException.class, () -> file.read("q4_2", manager));
            assertTrue(error.getMessage().contains("Did you mean \"q4_"), error.getMessage());
        }
    }

    @Test
    void anInterruptStopsReadingAndLeavesNoArray() {
        try (Gguf file = Gguf.open(TYPES)) {
            Thread.currentThread().interrupt();
            assertThrows(StoppedException.class, () -> file.read("f32", manager));
            assertEquals(List.of(), manager.getManagedArrays());

            file.read("f32", manager);
        }
    }

    @Test
    void aClosedFileSaysSo() {
        Gguf file = Gguf.open(TYPES);
        file.close();

        var error = assertThrows(BadFileException.class, () -> file.read("f32", manager));

        assertTrue(error.getMessage().contains("is closed; open it again to read tensor \"f32\""), error.getMessage());
        assertEquals(List.of(), manager.getManagedArrays());
    }
}
