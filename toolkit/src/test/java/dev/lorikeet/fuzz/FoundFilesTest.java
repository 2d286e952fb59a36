package dev.lorikeet.fuzz;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.TestData;
import dev.lorikeet.base.LorikeetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files at which a reader once failed are read or refused. */
class FoundFilesTest {

    private static final Path RESOURCES = TestData.checkout().resolve("toolkit/src/test/resources/dev/lorikeet");

    @TempDir
    static Path home;

    static List<Path> found() throws IOException {
        try (Stream<Path> files = Files.walk(RESOURCES.resolve("fuzz"))) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("found")
    void aFoundFileIsReadOrRefused(Path input) throws IOException {
        String reader = input.getParent().getFileName().toString();
        FuzzTarget target = new FuzzTargets(RESOURCES, home.resolve(input.getFileName()))
                .all()
                .get(reader)
                .get();
        Files.copy(input, target.folder().resolve(target.file()), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertDoesNotThrow(() -> {
            try {
                target.read();
            } catch (LorikeetException refused) {
                assertTrue(refused.getMessage().length() > 10, refused.getMessage());
            }
        });
    }
}
