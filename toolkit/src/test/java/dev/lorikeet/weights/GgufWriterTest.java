package dev.lorikeet.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.tensor.Torch;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufWriterTest {

    /** Float32 values, and how Python's gguf and torch encode them. */
    private static final Path WRITTEN = Resources.file("written.gguf");

    @TempDir
    private Path folder;

    private final NDManager manager = Torch.manager();

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void eachTypeIsStoredAsPythonDoesByteForByte() throws IOException {
        Path copy = folder.resolve("copy.gguf");
        try (Gguf python = Gguf.open(WRITTEN)) {
            List<NewTensor> tensors = List.of("f32", "f16", "bf16", "q8_0").stream()
                    .map(name -> new NewTensor(
                            name,
                            python.entry(name).shape(),
                            python.entry(name).type(),
                            () -> python.read("f32", manager)))
                    .toList();
            Gguf.write(copy, python.metadata(), tensors);
        }
        assertArrayEquals(Files.readAllBytes(WRITTEN), Files.readAllBytes(copy));
    }

    @Test
    void metadataComesBackInTheSameTypes() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("int32", -7);
        values.put("uint32", 4_000_000_000L);
        values.put("int64", -1L << 40);
        values.put("uint64", BigInteger.TWO.pow(64).subtract(BigInteger.ONE));
        values.put("float32", 1.5f);
        values.put("float64", 0.1);
        values.put("bool", true);
        values.put("string", "Wellensittich – 鸚鵡 🦜");
        values.put("strings", List.of("a", "Ġthe"));
        values.put("booleans", List.of(true, false));
        values.put("none", List.of());
        values.put("lists", List.of(List.of("a"), List.of("b", "c")));
        Path file = folder.resolve("values.gguf");
        Map<String, Object> all = new LinkedHashMap<>(values);
        all.put("int32s", new int[] {1, -2});
        all.put("int64s", new long[] {1L << 40});
        all.put("float32s", new float[] {0.5f, -1.5f});
        all.put("float64s", new double[] {0.1});
        Gguf.write(file, all, List.of());
        try (Gguf read = Gguf.open(file)) {
            values.forEach((key, value) -> assertEquals(value, read.metadata().get(key), key));
            assertArrayEquals(new int[] {1, -2}, (int[]) read.metadata().get("int32s"));
            assertArrayEquals(new long[] {1L << 40}, (long[]) read.metadata().get("int64s"));
            assertArrayEquals(
                    new float[] {0.5f, -1.5f}, (float[]) read.metadata().get("float32s"));
            assertArrayEquals(new double[] {0.1}, (double[]) read.metadata().get("float64s"));
            assertEquals(List.copyOf(all.keySet()), List.copyOf(read.metadata().keySet()));
        }
    }

    /** More weights than one task and than one chunk of the writer take. */
    @Test
    void aLargeTensorIsEncodedWhole() {
        float[] values = new float[(1 << 20) + 3 * (1 << 14) + 64];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % 2048;
        }
        Shape shape = new Shape(values.length / 32, 32);
        Path file = folder.resolve("large.gguf");
        Gguf.write(file, Map.of(), List.of(new NewTensor("w", shape, "F16", () -> manager.create(values, shape))));
        try (Gguf read = Gguf.open(file)) {
            assertArrayEquals(values, read.read("w", manager).toFloatArray());
        }
    }

    /** Views of the engine, such as a transpose, are stored in the order of their rows. */
    @Test
    void aTransposeIsStoredInItsOwnOrder() {
        NDArray matrix = manager.arange(6f).reshape(2, 3);
        Path file = folder.resolve("turned.gguf");
        Gguf.write(file, Map.of(), List.of(new NewTensor("w", new Shape(3, 2), "F32", matrix::transpose)));
        try (Gguf read = Gguf.open(file)) {
            assertArrayEquals(
                    new float[] {0, 3, 1, 4, 2, 5}, read.read("w", manager).toFloatArray());
        }
    }

    @Test
    void whatCannotBeStoredIsRefusedByName() {
        var rows = assertThrows(BadArgumentException.class, () -> new NewTensor("w", new Shape(2, 48), "Q8_0", null));
        assertTrue(
                rows.getMessage().contains("w is \"[2, 48]\"; expected rows in whole blocks of 32"), rows.getMessage());
        var type = assertThrows(BadArgumentException.class, () -> new NewTensor("w", new Shape(32), "Q4_1", null));
        assertTrue(type.getMessage().contains("expected one of F32, F16, BF16, Q8_0"), type.getMessage());
        NewTensor tensor = new NewTensor("w", new Shape(1), "F32", () -> manager.ones(new Shape(1)));
        Path file = folder.resolve("no.gguf");
        var twice = assertThrows(BadArgumentException.class, () -> Gguf.write(file, Map.of(), List.of(tensor, tensor)));
        assertTrue(twice.getMessage().contains("tensor name is \"w\""), twice.getMessage());
        var value = assertThrows(
                BadArgumentException.class, () -> Gguf.write(file, Map.of("key", new Object()), List.of()));
        assertTrue(value.getMessage().contains("metadata key"), value.getMessage());
        assertThrows(BadArgumentException.class, () -> Gguf.write(file, Map.of("key", List.of("a", true)), List.of()));
        assertThrows(BadArgumentException.class, () -> Gguf.write(file, Map.of("general.alignment", 64L), List.of()));
        assertFalse(Files.exists(file));
    }

    @Test
    void anInterruptLeavesTheOldFileAndNoOther() throws IOException {
        Path file = Files.writeString(folder.resolve("old.gguf"), "old");
        NewTensor interrupting = new NewTensor("v", new Shape(1), "F32", () -> {
            Thread.currentThread().interrupt();
            return manager.ones(new Shape(1));
        });
        NewTensor next = new NewTensor("w", new Shape(1), "F32", () -> manager.ones(new Shape(1)));
        assertThrows(StoppedException.class, () -> Gguf.write(file, Map.of(), List.of(interrupting, next)));
        assertEquals("old", Files.readString(file));
        try (var files = Files.list(folder)) {
            assertEquals(List.of(file), files.toList());
        }
    }

    @Test
    void eachArrayIsClosedBeforeTheNextIsMade() {
        NDArray[] made = new NDArray[3];
        List<NewTensor> tensors = Arrays.asList(0, 1, 2).stream()
                .map(i -> new NewTensor("w" + i, new Shape(2), "F32", () -> {
                    assertTrue(i == 0 || made[i - 1].isReleased());
                    made[i] = manager.ones(new Shape(2));
                    return made[i];
                }))
                .toList();
        Gguf.write(folder.resolve("three.gguf"), Map.of(), tensors);
        assertEquals(List.of(), manager.getManagedArrays());
    }
}
