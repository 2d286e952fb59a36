package dev.lorikeet.published;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.TestData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program gives the same losses on a busy machine, and does not come to a standstill there. */
@Tag("alone")
class BusyMachineIT {

    /** Beside as many busy loops as processors a step takes twice as long at least; with threads that spin, sixteen times. */
    private static final double SLOWER = 6;

    private static final String PROGRAM =
            """
            import dev.lorikeet.data.*;
            import dev.lorikeet.lora.*;
            import dev.lorikeet.model.*;
            import dev.lorikeet.train.*;

            class Steps {
                public static void main(String[] args) {
                    var model = Models.load("smollm2-135m");
                    Lora.rank(4).inject(model);
                    var posts = Documents.of(Datasets.posts(), "document").length(32).batch(2);
                    var run = FineTune.of(model).on(posts).epochs(9).maxSteps(6).quietly().run();
                    System.out.println("Losses " + run.history().steps().stream().map(step -> step.loss()).toList());
                    System.out.println("Seconds " + run.stepSeconds());
                }
            }
            """;

    @BeforeAll
    static void theDefaultModelIsThere() {
        TestData.smollm2();
    }

    @Test
    void theSameLossesAndNoStandstill(@TempDir Path folder) throws Exception {
        String alone = steps(folder);
        List<Thread> loops = new ArrayList<>();
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            Thread loop = new Thread(() -> {
                while (!Thread.currentThread().isInterrupted()) {
                    Thread.onSpinWait();
                }
            });
            loop.start();
            loops.add(loop);
        }
        String busy;
        try {
            busy = steps(folder);
        } finally {
            loops.forEach(Thread::interrupt);
        }
        assertEquals(found(alone, "Losses (.*)"), found(busy, "Losses (.*)"));
        assertEquals(found(alone, "Computing in (\\S+)"), found(busy, "Computing in (\\S+)"));
        double ratio = seconds(busy) / seconds(alone);
        assertTrue(ratio < SLOWER, "a step takes " + ratio + " times as long beside busy loops");
    }

    private static String steps(Path folder) throws IOException, InterruptedException {
        Path program = Files.writeString(folder.resolve("Steps.java"), PROGRAM);
        Packaged.Outcome outcome = Packaged.run(
                folder, List.of(Packaged.java(), "-cp", Packaged.joined(Packaged.classpath()), program.toString()));
        assertEquals(0, outcome.status(), outcome::output);
        return outcome.output();
    }

    private static double seconds(String output) {
        return Double.parseDouble(found(output, "Seconds (.*)"));
    }

    private static String found(String output, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(output);
        assertTrue(matcher.find(), output);
        return matcher.group(1);
    }
}
