package dev.lorikeet.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The Python environment of the notebook, whose packages may carry model files. */
public final class PythonEnvironment {

    private static final List<String> VARIABLES = List.of("VIRTUAL_ENV", "CONDA_PREFIX", "NB_PYTHON_PREFIX");

    private static final String OWN = ".venv";

    /** Where binder/lab notes which of its steps are done. */
    private static final String SET_UP = ".lorikeet";

    private final List<Path> roots;

    private PythonEnvironment(List<Path> roots) {
        this.roots = roots;
    }

    /**
     * The active environment, then the {@code .venv} of the working folder, then the nearest one above it that this project's
     * set-up made: any other may be a stranger's, as in a folder for temporary files.
     */
    public static PythonEnvironment ofProcess() {
        return of(System.getenv(), Path.of("").toAbsolutePath());
    }

    static PythonEnvironment of(Map<String, String> environment, Path workingFolder) {
        List<Path> roots = new ArrayList<>();
        VARIABLES.stream()
                .filter(environment::containsKey)
                .map(name -> Path.of(environment.get(name)))
                .forEach(roots::add);
        roots.add(workingFolder.resolve(OWN));
        for (Path folder = workingFolder.getParent(); folder != null; folder = folder.getParent()) {
            if (Files.isDirectory(folder.resolve(OWN).resolve(SET_UP))) {
                roots.add(folder.resolve(OWN));
            }
        }
        return new PythonEnvironment(roots);
    }

    /** Finds the first file of an installed package whose name ends so. */
    public Optional<Path> find(String packageName, String ending) {
        return roots.stream()
                .flatMap(PythonEnvironment::sitePackages)
                .map(site -> site.resolve(packageName))
                .filter(Files::isDirectory)
                .flatMap(PythonEnvironment::list)
                .filter(file -> file.toString().endsWith(ending))
                .findFirst();
    }

    private static Stream<Path> sitePackages(Path root) {
        Stream<Path> unix = list(root.resolve("lib")).map(python -> python.resolve("site-packages"));
        return Stream.concat(unix, Stream.of(root.resolve("Lib").resolve("site-packages")));
    }

    /** Lists a folder; one that may not be read, such as another user's, counts as empty. */
    private static Stream<Path> list(Path folder) {
        if (!Files.isDirectory(folder)) {
            return Stream.empty();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList().stream();
        } catch (IOException e) {
            return Stream.empty();
        }
    }
}
