package dev.lorikeet.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A GGUF model in three parts, as llama.cpp's gguf-split cuts it: the first has all metadata, here tensors a and b. */
class SplitGgufTest {

    private static final String FIRST = "m-00001-of-00003.gguf";
    private static final String SECOND = "m-00002-of-00003.gguf";
    private static final String THIRD = "m-00003-of-00003.gguf";

    @TempDir
    private Path folder;

    private final NDManager manager = Torch.manager();

    @BeforeEach
    void write() {
        part(FIRST, 0, 3, 4, Map.of("general.architecture", "llama", "llama.block_count", 2), "a", "b");
        part(SECOND, 1, 3, 4, Map.of(), "c");
        part(THIRD, 2, 3, 4, Map.of(), "d");
    }

    @AfterEach
    void close() {
        manager.close();
    }

    /** Writes tensors whose values are their letter's number in the alphabet. */
    private void part(String file, int index, int count, int total, Map<String, Object> others, String... tensors) {
        Map<String, Object> metadata = new LinkedHashMap<>(others);
        metadata.put("split.no", index);
        metadata.put("split.count", count);
        metadata.put("split.tensors.count", total);
        write(file, metadata, tensors);
    }

    private void write(String file, Map<String, Object> metadata, String... tensors) {
        Shape shape = new Shape(2, 32);
        List<NewTensor> made = Arrays.stream(tensors)
                .map(name -> new NewTensor(name, shape, "Q8_0", () -> manager.full(shape, name.charAt(0) - 'a' + 1f)))
                .toList();
        Gguf.write(folder.resolve(file), metadata, made);
    }

    @ParameterizedTest
    @ValueSource(strings = {FIRST, SECOND, THIRD})
    void anyPartOpensTheWholeModel(String file) {
        try (TensorFile whole = TensorFile.open(folder.resolve(file))) {
            assertEquals(folder.resolve(FIRST), whole.path());
            assertEquals(List.of("a", "b", "c", "d"), List.copyOf(whole.names()));
            assertEquals(Map.of("general.architecture", "llama", "llama.block_count", 2), whole.metadata());
            assertEquals(4f, whole.read("d", manager).toFloatArray()[63], 0.02f);
            assertEquals(1f, whole.read("a", manager).toFloatArray()[0], 0.005f);
            assertEquals(new Shape(2, 32), whole.entry("c").shape());
        }
    }

    @Test
    void matricesOfEveryPartStayQuantized() {
        try (Gguf whole = Gguf.open(folder.resolve(FIRST))) {
            for (String name : whole.names()) {
                float[] dequantized = whole.quantized(name, IntUnaryOperator.identity(), manager)
                        .orElseThrow()
                        .dequantize(manager, DType.FLOAT32)
                        .toFloatArray();
                assertArrayEquals(whole.read(name, manager).toFloatArray(), dequantized);
            }
        }
    }

    @Test
    void anUnknownNameIsComparedWithThoseOfAllParts() {
        try (Gguf whole = Gguf.open(folder.resolve(FIRST))) {
            var error = assertThrows(UnknownNameException.class, () -> whole.read("dd", manager));
            assertTrue(error.getMessage().contains("Did you mean \"d\""), error.getMessage());
        }
    }

    @Test
    void theFirstPartMayHoldMetadataAlone() {
        part(FIRST, 0, 3, 2, Map.of("general.architecture", "llama"));
        part(SECOND, 1, 3, 2, Map.of(), "c");
        part(THIRD, 2, 3, 2, Map.of(), "d");
        try (Gguf whole = Gguf.open(folder.resolve(SECOND))) {
            assertEquals(Set.of("c", "d"), whole.names());
            assertEquals("llama", whole.metadata().get("general.architecture"));
        }
    }

    @Test
    void allMissingPartsAreNamed() throws IOException {
        Files.delete(folder.resolve(SECOND));
        refused(FIRST, SECOND, "is missing; " + FIRST + " is part 1 of 3");
        Files.delete(folder.resolve(FIRST));
        refused(THIRD, FIRST, "is missing, and so is " + SECOND + "; " + THIRD + " is part 3 of 3");
    }

    @Test
    void aRenamedPartIsToldTheNameThatItNeeds() throws IOException {
        Files.move(folder.resolve(SECOND), folder.resolve("other.gguf"));
        refused("other.gguf", "other.gguf", "is part 2 of a model in 3 parts", "does not end in -00002-of-00003.gguf");
    }

    @Test
    void swappedPartsAreNamed() throws IOException {
        Files.move(folder.resolve(SECOND), folder.resolve("x"));
        Files.move(folder.resolve(THIRD), folder.resolve(SECOND));
        Files.move(folder.resolve("x"), folder.resolve(THIRD));
        refused(FIRST, SECOND, "is part 3 by its metadata (split.no 2), but part 2 by its name");
    }

    @Test
    void aWholeModelUnderAPartsNameIsNamed() {
        write(THIRD, Map.of("general.architecture", "llama"), "d");
        refused(FIRST, THIRD, "is no part of a split model, as it has no split.count; by its name it is part 3 of 3");
    }

    @Test
    void partsOfDifferentModelsAreNamed() {
        part(THIRD, 2, 4, 4, Map.of(), "d");
        refused(FIRST, THIRD, "has split.count 4, but " + FIRST + " has 3; they are parts of different models");
        part(THIRD, 2, 3, 5, Map.of(), "d");
        refused(FIRST, THIRD, "has split.tensors.count 5, but " + FIRST + " has 4");
        part(THIRD, 2, 3, 4, Map.of("general.architecture", "gpt2"), "d");
        refused(FIRST, THIRD, "has general.architecture gpt2, but " + FIRST + " has llama");
    }

    @Test
    void aTensorInTwoPartsIsNamed() {
        part(THIRD, 2, 3, 4, Map.of(), "b");
        refused(FIRST, THIRD, "holds tensor \"b\", which " + FIRST + " holds too");
    }

    @Test
    void theTensorsOfAllPartsAreCounted() {
        part(THIRD, 2, 3, 4, Map.of(), "d", "e");
        refused(FIRST, FIRST, "and its other parts hold 5 tensors, but split.tensors.count says 4");
        part(THIRD, 2, 3, 4, Map.of());
        refused(SECOND, FIRST, "and its other parts hold 3 tensors, but split.tensors.count says 4");
    }

    @Test
    void splitKeysThatMakeNoSenseAreDamage() {
        part(FIRST, 3, 3, 4, Map.of(), "a", "b");
        refused(FIRST, FIRST, "is damaged in its metadata: it has split.no 3 of split.count 3");
        part(FIRST, -1, 3, 4, Map.of(), "a", "b");
        refused(FIRST, FIRST, "split.no -1; expected a whole number");
        write(FIRST, Map.of("split.no", 0, "split.count", "3"), "a", "b");
        refused(FIRST, FIRST, "split.count 3; expected a whole number");
        write(FIRST, Map.of("split.count", 3), "a", "b");
        refused(FIRST, FIRST, "split.count 3, but no split.no");
        write(FIRST, Map.of("split.no", 0, "split.count", 100_000), "a", "b");
        refused(FIRST, FIRST, "split.no 0 of split.count 100000");
    }

    @Test
    void aDamagedPartIsNamed() throws IOException {
        byte[] bytes = Files.readAllBytes(folder.resolve(THIRD));
        for (int length : new int[] {0, 3, 40, bytes.length - 100}) {
            Files.write(folder.resolve(THIRD), Arrays.copyOf(bytes, length));
            refused(FIRST, THIRD);
        }
    }

    @Test
    void aCountOfOneIsAWholeModel() {
        write("whole.gguf", Map.of("split.no", 0, "split.count", 1), "a");
        try (Gguf whole = Gguf.open(folder.resolve("whole.gguf"))) {
            assertEquals(Set.of("a"), whole.names());
        }
    }

    @Test
    void namesOfAllPartsFollowFromOne() {
        assertEquals(List.of("q4/" + FIRST, "q4/" + SECOND, "q4/" + THIRD), Gguf.partNames("q4/" + SECOND));
        for (String whole : List.of(
                "m.gguf", "m-00001-of-00001.gguf", "m-00004-of-00003.gguf", "m-00000-of-00003.gguf", "m-1-of-3.gguf")) {
            assertEquals(List.of(whole), Gguf.partNames(whole));
        }
    }

    @Test
    void everyPartIsClosedWithTheModelAndAfterAFailure() throws IOException {
        Path open = Path.of("/proc/self/fd");
        Assumptions.assumeTrue(Files.isDirectory(open), "the list of open files is Linux's");
        Gguf whole = Gguf.open(folder.resolve(SECOND));
        assertEquals(3, openParts(open));
        whole.close();
        assertEquals(0, openParts(open));
        assertThrows(BadFileException.class, () -> whole.read("d", manager));

        part(THIRD, 2, 3, 4, Map.of(), "b");
        for (String file : List.of(FIRST, SECOND, THIRD)) {
            assertThrows(BadFileException.class, () -> Gguf.open(folder.resolve(file)));
            assertEquals(0, openParts(open), file);
        }
        Files.delete(folder.resolve(FIRST));
        assertThrows(BadFileException.class, () -> Gguf.open(folder.resolve(THIRD)));
        assertEquals(0, openParts(open));
        assertFalse(Files.exists(folder.resolve(FIRST)));
    }

    private long openParts(Path open) throws IOException {
        try (Stream<Path> files = Files.list(open)) {
            return files.filter(this::isPart).count();
        }
    }

    private boolean isPart(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).startsWith(folder.toRealPath());
        } catch (IOException e) {
            return false;
        }
    }

    private void refused(String opened, String named, String... reasons) {
        var error = assertThrows(BadFileException.class, () -> Gguf.open(folder.resolve(opened)));
        assertTrue(error.getMessage().startsWith(folder.resolve(named) + ": "), error.getMessage());
        for (String reason : reasons) {
            assertTrue(error.getMessage().contains(reason), error.getMessage());
        }
    }
}
