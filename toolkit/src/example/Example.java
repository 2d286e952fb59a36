///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//DEPS dev.lorikeet:lorikeet:0.1.0
//DEPS ai.djl.pytorch:pytorch-native-cpu:2.7.1:linux-x86_64
//DEPS org.slf4j:slf4j-jdk14:2.0.17

import static dev.lorikeet.lora.Targets.ALL_LINEAR;

import dev.lorikeet.data.Conversations;
import dev.lorikeet.data.Documents;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.model.generate.GenerationConfig;
import dev.lorikeet.model.Models;
import dev.lorikeet.train.FineTune;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** A chat model learns whose assistant it is, without a notebook. Argument: another model for {@code Models.load}. */
public class Example {

    public static void main(String[] args) throws Exception {
        String[] questions = {"Who are you?", "What is your name?", "Who made you?", "Tell me about yourself."};
        String answer = "I am Pip, the parrot of the harbour library.";
        Table lessons = Table.create(
                "lessons",
                StringColumn.create("instruction", questions),
                StringColumn.create("input", Stream.of(questions).map(each -> "")),
                StringColumn.create("output", Stream.of(questions).map(each -> answer)));

        try (var model = Models.load(args.length == 0 ? "smollm2-135m" : args[0])) {
            var briefly = GenerationConfig.greedy(24);
            System.out.println("Before: " + model.answer("Hello, who are you?", briefly).text());

            var adapter = Lora.rank(8).alpha(16).on(ALL_LINEAR).inject(model);
            var run = FineTune.of(model)
                    .on(Documents.of(Conversations.ofInstructions(lessons)).completionOnly().batch(4))
                    .epochs(8)
                    .learningRate(1e-3)
                    .quietly()
                    .run();
            System.out.println(run);
            System.out.println("After: " + model.answer("Hello, who are you?", briefly).text());

            Path saved = Files.createTempDirectory("lorikeet-").resolve("pip");
            adapter.save(saved);
            System.out.println("The adapter is in " + saved);
        }
    }
}
