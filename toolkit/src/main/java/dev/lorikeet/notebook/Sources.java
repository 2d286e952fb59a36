package dev.lorikeet.notebook;

import java.io.IOException;
import java.lang.reflect.Field;
import java.net.URISyntaxException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Lets a kernel show the toolkit's javadocs with its signatures. JShell reads javadocs from sources, by default only those of
 * the JDK; a private field of JShell, used by its tests, sets other sources.
 */
final class Sources {

    private static final String ANALYSIS = "jdk.jshell.SourceCodeAnalysisImpl";
    private static final String FIELD = "availableSourcesOverride";

    private Sources() {}

    /** Does nothing if there is no sources jar next to the jar, or if JShell does not open its fields. */
    static void install() throws IOException, URISyntaxException {
        Path jar = Path.of(Sources.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Path sources = jar.resolveSibling(jar.getFileName().toString().replaceFirst("\\.jar$", "-sources.jar"));
        if (sources.equals(jar) || !Files.exists(sources)) {
            return;
        }
        List<Path> roots = ofJdk(Path.of(System.getProperty("java.home"), "lib", "src.zip"));
        roots.add(root(sources));
        try {
            Field field = Class.forName(ANALYSIS).getDeclaredField(FIELD);
            field.setAccessible(true);
            field.set(null, roots);
        } catch (ReflectiveOperationException | RuntimeException e) {
            // The kernel still shows signatures.
        }
    }

    /** The sources of each module. */
    private static List<Path> ofJdk(Path zip) throws IOException {
        if (!Files.exists(zip)) {
            return new ArrayList<>();
        }
        try (Stream<Path> modules = Files.list(root(zip))) {
            return new ArrayList<>(modules.toList());
        }
    }

    /** Stays open as long as the kernel runs. */
    private static Path root(Path zip) throws IOException {
        return FileSystems.newFileSystem(zip).getRootDirectories().iterator().next();
    }
}
