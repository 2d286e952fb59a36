package dev.lorikeet.published;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.TestData;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two tasks from a file to an export, as someone wrote them who had read the README and nothing else. */
class FifteenLinesIT {

    private static final int MOST_LINES = 15;

    private static final List<String> IMPORTS = List.of(
            "dev.lorikeet.data.*",
            "dev.lorikeet.lora.*",
            "dev.lorikeet.model.*",
            "dev.lorikeet.plot.*",
            "dev.lorikeet.train.*",
            "static dev.lorikeet.lora.Targets.ALL_LINEAR");

    private static final String CLASSIFIER =
            """
            var complaints = Datasets.read("complaints.csv");
            var splits = TextData.of(complaints, "complaint", "team").split(0.7, 0.1);
            var model = Models.load("smollm2-135m").classifier(splits.labels());
            var lora = Lora.rank(8).on(ALL_LINEAR).inject(model);
            var run = FineTune.of(model).on(splits).epochs(1).batchSize(8).learningRate(2e-3).run();
            Plots.losses(run);
            System.out.println(Evaluation.of(model).report(splits.test()));
            System.out.println(Evaluation.of(model).mistakes(splits.test()));
            lora.save("complaints-adapter");
            """;

    private static final String LATER =
            """
            var again = Models.classifier("complaints-adapter");
            System.out.println(again.classify("My parcel arrived broken and nobody answers the phone."));
            again.merge().save("complaints-model");
            """;

    private static final String CHAT =
            """
            var pairs = Conversations.of(Datasets.read("pairs.csv"), "prompt", "reply");
            var model = Models.load("smollm2-135m");
            var lora = Lora.rank(8).on(ALL_LINEAR).inject(model);
            var documents = Documents.of(pairs).completionOnly().batch(4);
            documents.preview(model);
            FineTune.of(model).on(documents).epochs(1).learningRate(1e-3).run();
            lora.save("pairs-adapter");
            var again = Models.load("pairs-adapter");
            var chat = again.chat();
            chat.say("What can you help me with?");
            again.merge().saveGguf("pairs.gguf");
            """;

    private static final List<String> TEAMS = List.of("billing", "delivery", "returns");

    @BeforeAll
    static void theDefaultModelIsThere() {
        TestData.smollm2();
    }

    @Test
    void aCsvBecomesAClassifierWithItsMistakesAndAModelFolder(@TempDir Path folder) throws Exception {
        StringBuilder csv = new StringBuilder("team,complaint\n");
        for (int i = 0; i < 30; i++) {
            String team = TEAMS.get(i % TEAMS.size());
            csv.append(
                    "%s,\"Case %d: the %s of my order went wrong, please call me back.\"%n".formatted(team, i, team));
        }
        Files.writeString(folder.resolve("complaints.csv"), csv);
        String evaluated = run(folder, CLASSIFIER);
        TEAMS.forEach(team -> assertTrue(evaluated.contains(team), evaluated));
        assertTrue(evaluated.contains("F1"), evaluated);

        String later = run(folder, LATER);
        assertTrue(TEAMS.stream().anyMatch(later::contains), later);
        assertTrue(Files.exists(folder.resolve("complaints-model/model.safetensors")));
        assertTrue((CLASSIFIER + LATER).lines().count() <= MOST_LINES);
    }

    @Test
    void pairsBecomeAChatModelAndAGguf(@TempDir Path folder) throws Exception {
        String rows = TEAMS.stream()
                .map(team -> "Who handles %s?,\"Our team for %s does.\"%n".formatted(team, team))
                .collect(Collectors.joining());
        Files.writeString(folder.resolve("pairs.csv"), "prompt,reply\n" + rows);
        run(folder, CHAT);
        assertTrue(Files.size(folder.resolve("pairs.gguf")) > 100_000_000);
        assertTrue(CHAT.lines().count() <= MOST_LINES);
    }

    private static String run(Path folder, String lines) throws Exception {
        String imports = IMPORTS.stream().map(name -> "import " + name + ";\n").collect(Collectors.joining());
        Path program = Files.writeString(
                folder.resolve("Program.java"),
                imports + "class Program {\npublic static void main(String[] args) throws Exception {\n" + lines
                        + "}\n}\n");
        Packaged.Outcome outcome = Packaged.run(
                folder, List.of(Packaged.java(), "-cp", Packaged.joined(Packaged.classpath()), program.toString()));
        assertEquals(0, outcome.status(), outcome::output);
        return outcome.output();
    }
}
