package dev.lorikeet.notebooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import dev.lorikeet.TestData;
import dev.lorikeet.hub.Fault;
import dev.lorikeet.hub.TestHub;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person does in a notebook beside running it through: stops cells, asks for completions, starts threads. */
@Tag("alone")
class KernelIT {

    private static final String MODEL = "owner/model";
    private static final int MODEL_BYTES = 4_000_000;

    /** A stop takes a step at most, or this; on a slow or busy machine no longer than a cell with two steps. */
    private static final double SECONDS_TO_STOP = 2;

    /** Of processor time in a second, as long after a stop as that may take. */
    private static final double IDLE = 0.3;

    private static final String PROCESSOR_TIME =
            """
            {
                var os = (com.sun.management.OperatingSystemMXBean)
                    java.lang.management.ManagementFactory.getOperatingSystemMXBean();
                Thread.sleep(5000);
                long before = os.getProcessCpuTime();
                Thread.sleep(1000);
                System.out.print((os.getProcessCpuTime() - before) / 1e9);
            }
            """;

    @BeforeAll
    static void notSkipped() {
        assumeFalse(Boolean.getBoolean("skipNotebooks"), "notebooks are skipped: -DskipNotebooks");
    }

    @Test
    void stopsHelpAndLatePrints(@TempDir Path folder) throws Exception {
        try (TestHub hub = TestHub.start()) {
            byte[] weights = new byte[MODEL_BYTES];
            new Random(1).nextBytes(weights);
            hub.add(MODEL, "config.json", "{\"model_type\": \"gpt2\"}".getBytes(StandardCharsets.UTF_8));
            hub.add(MODEL, "model.safetensors", weights);
            // The first large file of this many bytes comes and then no more.
            hub.nextContent(Fault.none(), Fault.stallAfter(MODEL_BYTES / 2));
            JsonObject answers = session(folder, hub);

            assertEquals(
                    "true",
                    printed(answers, "engine"),
                    "DJL's own classes started the engine without the toolkit's settings");
            for (String what : List.of("generation", "training", "download")) {
                stopped(answers, what);
            }
            assertEquals("INTERRUPTED STEP_LIMIT", printed(answers, "training again"));
            help(answers);
            errors(answers);
            assertEquals("late", printed(answers, "thread"));
        }
    }

    private static JsonObject session(Path folder, TestHub hub) throws IOException, InterruptedException {
        List<Map<String, String>> steps = new ArrayList<>();
        run(
                steps,
                "engine",
                "NDManager.newBaseManager().close(); System.out.print(System.getProperty(\"OPT_OUT_TRACKING\"));");
        run(
                steps,
                "setup",
                """
                var model = Models.load("smollm2-135m");
                var lora = Lora.rank(4).inject(model);
                var posts = Documents.of(Datasets.posts(), "document").length(64).batch(2).cache();
                """);
        stop(steps, "generation", "model.generate(\"I like\", 2000)", "Generating: [1-9]");
        run(steps, "idle after generation", PROCESSOR_TIME);
        stop(steps, "training", "var run = FineTune.of(model).on(posts).epochs(1).logEvery(1).run();", "Step +2 of");
        run(steps, "idle after training", PROCESSOR_TIME);
        run(
                steps,
                "training again",
                """
                var again = FineTune.of(model).on(posts).epochs(1).maxSteps(2).quietly().run();
                System.out.print(run.ending() + " " + again.ending());
                """);
        stop(steps, "download", "Models.load(\"" + MODEL + "\")", "\\d [KM]iB of 3\\.8 MiB");
        run(steps, "idle after download", PROCESSOR_TIME);
        run(
                steps,
                "thread",
                """
                var thread = new Thread(() -> {
                    try {
                        Thread.sleep(500);
                        System.out.print("late");
                    } catch (InterruptedException e) {
                        System.out.print("never");
                    }
                });
                thread.start();
                """);
        steps.add(Map.of("name", "complete", "complete", "Lora.ra"));
        steps.add(Map.of("name", "members", "complete", "Lora.rank(4)."));
        steps.add(Map.of("name", "inspect", "inspect", "Lora.rank(4)"));
        run(steps, "open method", "int twice(int n) { return 2 * helper(n); }");
        run(steps, "no file", "int rows = 3;\n\nvar table = Table.read().csv(\"missing.csv\");");
        run(steps, "no value", "table.rowCount()");
        // Nothing runs while the thread prints.
        steps.add(Map.of("name", "pause", "pause", "1"));
        run(steps, "last", "thread.join(); model.close();");
        Path asked = folder.resolve("steps.json");
        Path answered = folder.resolve("answers.json");
        Files.writeString(asked, new Gson().toJson(steps));
        Map<String, String> environment = Map.of(
                "HF_ENDPOINT", hub.endpoint(), "HF_HOME", folder.resolve("hub").toString());
        execute(Map.of(), TestData.checkout().resolve("binder/lab").toString(), "--setup");
        execute(
                environment,
                python().toString(),
                TestData.checkout()
                        .resolve("toolkit/src/test/resources/kernel_session.py")
                        .toString(),
                asked.toString(),
                answered.toString());
        return TestData.json(answered);
    }

    private static void run(List<Map<String, String>> steps, String name, String code) {
        steps.add(Map.of("name", name, "code", code));
    }

    private static void stop(List<Map<String, String>> steps, String name, String code, String at) {
        steps.add(Map.of("name", name, "code", code, "interruptAt", at));
    }

    /** The cell came back, its bar says where it was, nothing goes on in the background, and the next cell ran. */
    private static void stopped(JsonObject answers, String what) {
        JsonObject cell = answers.getAsJsonObject(what);
        assertTrue(cell.get("error").getAsString().contains("interrupted"), cell::toString);
        double seconds = cell.get("secondsToStop").getAsDouble();
        double twoSteps =
                answers.getAsJsonObject("training again").get("seconds").getAsDouble();
        assertTrue(seconds < Math.max(SECONDS_TO_STOP, twoSteps), what + " took " + seconds + " s to stop");
        // The kernel gives the cell back before the step is over, so that the bar's last state comes in the next one.
        String bar = cell.get("shown").toString()
                + answers.getAsJsonObject("idle after " + what).get("shown");
        assertTrue(bar.contains("stopped at "), bar);
        double busy = Double.parseDouble(lastLine(printed(answers, "idle after " + what)));
        assertTrue(busy < IDLE, what + " left " + busy + " s of work a second behind");
    }

    private static String printed(JsonObject answers, String what) {
        assertFalse(answers.getAsJsonObject(what).has("error"), () -> answers.get(what)
                .toString());
        return answers.getAsJsonObject(what).get("printed").getAsString();
    }

    private static String lastLine(String text) {
        return text.substring(text.lastIndexOf('\n') + 1);
    }

    private static void help(JsonObject answers) {
        String matches = answers.getAsJsonObject("complete").get("matches").toString();
        assertTrue(matches.contains("rank"), matches);
        String members = answers.getAsJsonObject("members").get("matches").toString();
        assertTrue(members.contains("alpha(") && !members.contains("notify"), members);
        String found = answers.getAsJsonObject("inspect").get("data").toString();
        assertTrue(found.contains("rank(int rank)"), found);
        assertFalse(found.contains("arg0"), found);
        assertTrue(found.contains("Starts an adapter of this rank on every linear layer"), found);
    }

    private static void errors(JsonObject answers) {
        String open = answers.getAsJsonObject("open method").get("printed").getAsString();
        assertEquals(
                "twice(int) cannot be used yet: it uses method helper(int), which nothing defines so far.",
                open.strip());
        List<String> noFile = answers.getAsJsonObject("no file")
                .get("error")
                .getAsString()
                .lines()
                .toList();
        assertTrue(noFile.get(0).matches("There is no file missing\\.csv in /.+\\."), noFile::toString);
        assertTrue(
                noFile.get(1).matches(" +at cell \\[\\d+\\], line 3: var table = .*") && noFile.size() == 2,
                noFile::toString);
        String noValue = answers.getAsJsonObject("no value").get("error").getAsString();
        assertTrue(noValue.startsWith("table has no value, because cell ["), noValue);
    }

    private static Path python() {
        String prefix = System.getenv().getOrDefault("LORIKEET_PREFIX", System.getenv("VIRTUAL_ENV"));
        return Path.of(prefix, "bin", "python");
    }

    private static void execute(Map<String, String> environment, String... command)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        builder.environment().put("JUPYTER_PREFER_ENV_PATH", "1");
        Process process = builder.start();
        // Surefire's own channel is this process's standard output: it must not be inherited.
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            lines.lines().forEach(System.out::println);
        }
        assertEquals(0, process.waitFor(), String.join(" ", command));
    }
}
