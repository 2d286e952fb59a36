package dev.lorikeet.published;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.lorikeet.TestData;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged jar in a kernel put together as IJava 1.3.0 is, of which only the base can be had. What runs in IJava gets IJava's
 * own Gson, an old one.
 */
class IJavaIT {

    private static final String KERNEL = "io.github.spencerpark.ijava.ShellKernel";
    private static final String INIT = "dev.lorikeet.notebook.Lorikeet.init();";
    private static final String GSON = "com.google.gson";

    @TempDir
    Path folder;

    @Test
    void oneCallBringsImportsAndRenderersToJarsThatCameLater() throws Exception {
        String shown = lastValueOf(
                INIT,
                """
                Table.read().csv(new java.io.StringReader("label,text\\nham,hello"))
                """);

        assertTrue(shown.contains("text/html: ") && shown.contains("1 row × 2 columns"), shown);
    }

    @Test
    void aModelIsTrainedSavedAndGoesOnFromACheckpoint() throws Exception {
        TestData.smollm2();
        String shown = lastValueOf(
                INIT,
                """
                var model = Models.load("smollm2-135m", DType.FLOAT32);
                var lora = Lora.rank(4).on("q_proj").inject(model);
                var posts = Documents.of(Datasets.posts(), "document").length(16).take(2).batch(2);
                var tuning = FineTune.of(model).on(posts).evaluateEvery(0).saveEvery(1, Path.of("checkpoints"));
                tuning.epochs(1).run();
                """,
                """
                lora.save(Path.of("adapter"));
                var loaded = Lora.load(Path.of("adapter"), model, "again");
                loaded.remove();
                Plots.losses(tuning.epochs(2).resume())
                """);

        assertTrue(shown.contains("application/vnd.plotly.v1+json: ") && shown.contains("image/png: "), shown);
    }

    @Test
    void everyCallToGsonIsOneThatIJavasGsonHas() throws Exception {
        URL[] old = {jarOf("gson").toUri().toURL()};
        List<String> lacking = new ArrayList<>();
        int calls = 0;
        try (URLClassLoader gson = new URLClassLoader(old, ClassLoader.getPlatformClassLoader())) {
            for (var type : new ClassFileImporter().importPath(Packaged.target().resolve("classes"))) {
                for (JavaMethodCall call : type.getMethodCallsFromSelf()) {
                    if (call.getTargetOwner().getPackageName().startsWith(GSON)) {
                        calls++;
                        if (!has(gson, call)) {
                            lacking.add(call.getDescription());
                        }
                    }
                }
            }
        }

        assertTrue(calls > 100, calls + " calls");
        assertEquals(List.of(), lacking);
    }

    private static boolean has(ClassLoader gson, JavaMethodCall call) {
        try {
            return Arrays.stream(Class.forName(call.getTargetOwner().getName(), false, gson)
                            .getMethods())
                    .filter(method -> method.getName().equals(call.getName()))
                    .anyMatch(method -> Arrays.stream(method.getParameterTypes())
                            .map(Class::getName)
                            .toList()
                            .equals(call.getTarget().getRawParameterTypes().stream()
                                    .map(parameter -> parameter.getName())
                                    .toList()));
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    private String lastValueOf(String... cells) throws Exception {
        List<String> jars = Packaged.classpath().stream().map(Path::toString).toList();
        List<String> command = new ArrayList<>(List.of(
                Packaged.java(),
                "-cp",
                Packaged.joined(kernelAlone()),
                KERNEL,
                Files.write(folder.resolve("jars"), jars).toString()));
        for (String cell : cells) {
            command.add(Files.writeString(folder.resolve("cell" + command.size()), cell)
                    .toString());
        }
        Packaged.Outcome outcome = Packaged.run(folder, command);
        assertEquals(0, outcome.status(), outcome.output());
        return outcome.output();
    }

    /** Nothing of the toolkit but its tests. */
    private static List<Path> kernelAlone() throws IOException {
        return List.of(
                Packaged.target().resolve("test-classes"),
                jarOf("jupyter-jvm-basekernel"),
                jarOf("gson"),
                jarOf("jeromq"));
    }

    private static Path jarOf(String library) throws IOException {
        try (Stream<Path> jars = Files.list(Packaged.target().resolve("ijava"))) {
            return jars.filter(jar -> jar.getFileName().toString().startsWith(library + "-"))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
