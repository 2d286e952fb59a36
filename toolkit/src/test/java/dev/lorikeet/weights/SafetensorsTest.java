package dev.lorikeet.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.TestData;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.tensor.Torch;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {

    private static final Path STORED = Resources.file("stored.safetensors");

    private final NDManager manager = Torch.manager();

    @AfterEach
    void close() {
        manager.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"f16", "bf16", "f64", "i16"})
    void decodesTypesThatTheEngineLacksAsPythonDoesBitForBit(String name) {
        try (TensorFile stored = TensorFile.open(Resources.file("halves.safetensors"));
                TensorFile expected = TensorFile.open(Resources.file("halves-expected.safetensors"))) {
            NDArray array = stored.read(name, manager);
            NDArray reference = expected.read(name, manager);

            assertEquals(reference.getShape(), array.getShape());
            assertEquals(reference.getDataType(), array.getDataType());
            assertArrayEquals(Resources.bits(reference), Resources.bits(array));
        }
    }

    @Test
    void integersKeepTheirType() {
        try (Safetensors file = Safetensors.open(STORED)) {
            assertArrayEquals(
                    new long[] {1L << 62, -1}, file.read("i64", manager).toLongArray());
            assertArrayEquals(
                    new int[] {Integer.MIN_VALUE, 7}, file.read("i32", manager).toIntArray());
            assertArrayEquals(
                    new byte[] {-128, 127, 3}, file.read("i8", manager).toByteArray());
            assertArrayEquals(new int[] {0, 255, 3}, file.read("u8", manager).toUint8Array());
            assertArrayEquals(
                    new boolean[] {true, false, true},
                    file.read("bool", manager).toBooleanArray());
        }
    }

    @Test
    void readsScalarsEmptyTensorsAndMetadata() {
        try (Safetensors file = Safetensors.open(STORED)) {
            assertEquals(3.5f, file.read("scalar", manager).getFloat());
            assertEquals(new Shape(0, 3), file.read("empty", manager).getShape());
            assertEquals(Map.of("format", "pt"), file.metadata());
            assertEquals(11, file.names().size());
            assertTrue(file.names().contains("f32 \"quoted\" <é>"));
        }
    }

    @Test
    void writesTheSameBytesAsTheReferenceImplementation(@TempDir Path folder) throws IOException {
        Path copy = folder.resolve("new folder").resolve("copy.safetensors");
        Map<String, NDArray> tensors = new HashMap<>();
        try (Safetensors file = Safetensors.open(STORED)) {
            for (String name : file.names()) {
                NDArray array = file.read(name, manager);
                boolean narrowed = name.equals("f16") || name.equals("f64");
                tensors.put(
                        name,
                        narrowed
                                ? array.toType(name.equals("f16") ? DataType.FLOAT16 : DataType.FLOAT64, true)
                                : array);
            }
        }

        Safetensors.write(copy, tensors, Map.of("format", "pt"));

        assertArrayEquals(Files.readAllBytes(STORED), Files.readAllBytes(copy));
    }

    @Test
    void writesArraysThatAreNotContiguousAndLeavesNothingBehind(@TempDir Path folder) throws IOException {
        NDArray matrix = manager.arange(6f).reshape(2, 3);
        NDArray line = manager.arange(6f);
        Map<String, NDArray> views =
                Map.of("transposed", matrix.transpose(), "columns", matrix.get(":, 1:"), "even", line.get("::2"));
        int before = manager.getManagedArrays().size();
        Path path = folder.resolve("views.safetensors");

        Safetensors.write(path, views, Map.of());

        assertEquals(before, manager.getManagedArrays().size());
        try (Safetensors file = Safetensors.open(path)) {
            assertEquals(Map.of(), file.metadata());
            assertEquals(new Shape(3, 2), file.entry("transposed").shape());
            assertArrayEquals(
                    new float[] {0, 3, 1, 4, 2, 5},
                    file.read("transposed", manager).toFloatArray());
            assertArrayEquals(
                    new float[] {1, 2, 4, 5}, file.read("columns", manager).toFloatArray());
            assertArrayEquals(new float[] {0, 2, 4}, file.read("even", manager).toFloatArray());
        }
        try (var files = Files.list(folder)) {
            assertEquals(1, files.count());
        }
    }

    @Test
    void theHeaderIsPaddedSoThatTensorsAreAligned(@TempDir Path folder) throws IOException {
        for (int length = 1; length <= 8; length++) {
            Path path = folder.resolve("padded.safetensors");
            Safetensors.write(path, Map.of("x".repeat(length), manager.ones(new Shape(1))), Map.of());

            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
            assertEquals(0, bytes.getLong(0) % 8);
            assertEquals(1f, bytes.getFloat(8 + (int) bytes.getLong(0)));
        }
    }

    @Test
    void anInterruptLeavesTheFileAsItWas(@TempDir Path folder) throws IOException {
        Path path = Files.writeString(folder.resolve("kept.safetensors"), "before");
        Map<String, NDArray> tensors = Map.of("x", manager.ones(new Shape(4)));

        Thread.currentThread().interrupt();
        assertThrows(StoppedException.class, () -> Safetensors.write(path, tensors, Map.of()));

        assertFalse(Thread.interrupted());
        assertEquals("before", Files.readString(path));
        try (var files = Files.list(folder)) {
            assertEquals(1, files.count());
        }
    }

    @Test
    void refusesTheReservedName(@TempDir Path folder) {
        Map<String, NDArray> reserved = Map.of("__metadata__", manager.ones(new Shape(1)));

        assertThrows(BadArgumentException.class, () -> Safetensors.write(folder.resolve("x"), reserved, Map.of()));
    }

    @Test
    void namesTheTypeThatIsNotSupported(@TempDir Path folder) throws IOException {
        String header = "{\"small\":{\"dtype\":\"F8_E4M3\",\"shape\":[2],\"data_offsets\":[0,2]}}";
        Path path = folder.resolve("f8.safetensors");
        Files.write(path, DamagedSafetensorsTest.file(header, 2));

        try (Safetensors file = Safetensors.open(path)) {
            var error = assertThrows(RuntimeException.class, () -> file.read("small", manager));
            assertTrue(
                    error.getMessage()
                            .contains(
                                    "tensor \"small\" has the type F8_E4M3, which is not supported; supported are F64,"),
                    error.getMessage());
        }
    }

    @Test
    void anUnknownTensorIsNamedWithTheFile() {
        try (Safetensors file = Safetensors.open(STORED)) {
            var error = assertThrows(UnknownNameException.class, () -> file.entry("i63"));
            assertTrue(error.getMessage().contains("stored.safetensors"), error.getMessage());
            assertTrue(error.getMessage().contains("Did you mean \"i"), error.getMessage());
        }
    }

    /** A file of 3 GB that is mostly a hole, and in it a tensor too long for one buffer. */
    @Test
    void reachesTensorsBeyondTwoGigabytes(@TempDir Path folder) throws IOException {
        long filler = 2_000_000_000L;
        long length = (1L << 30) + 16;
        String header = "{\"filler\":{\"dtype\":\"U8\",\"shape\":[%1$d],\"data_offsets\":[0,%1$d]},".formatted(filler)
                + "\"long\":{\"dtype\":\"I8\",\"shape\":[%d],\"data_offsets\":[%d,%d]}}"
                        .formatted(length, filler, filler + length);
        byte[] start = DamagedSafetensorsTest.file(header, 0);
        Path path = folder.resolve("large.safetensors");
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.write(start);
            file.seek(start.length + filler);
            file.write('!');
            file.seek(start.length + filler + length - 1);
            file.write('?');
        }

        try (Safetensors file = Safetensors.open(path)) {
            assertEquals(filler, file.entry("filler").bytes());
            NDArray array = file.read("long", manager);
            assertArrayEquals(new byte[] {'!', 0}, array.get(":2").toByteArray());
            assertArrayEquals(
                    new byte[] {0, '?'},
                    array.get(new NDIndex("{}:", length - 2)).toByteArray());
        }
    }

    @Test
    void readsAModelAndAnAdapterOfThePythonStack() {
        Path model = TestData.data("capp-gpt2/model-from-onnx.safetensors");
        Path adapter = TestData.fixture("capp-gpt2/lora-init/adapter_model.safetensors");
        for (Path path : new Path[] {model, adapter}) {
            try (TensorFile file = TensorFile.open(path)) {
                assertFalse(file.names().isEmpty());
                for (String name : file.names()) {
                    try (NDArray array = file.read(name, manager)) {
                        assertEquals(file.entry(name).shape(), array.getShape());
                        assertTrue(Float.isFinite(array.sum().getFloat()), name);
                    }
                }
            }
        }
    }
}
