package dev.lorikeet.cli;

import dev.lorikeet.base.StoppedException;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.generate.GenerationConfig;
import dev.lorikeet.model.generate.GenerationResult;
import dev.lorikeet.text.Message;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lorikeet generate}. */
@Command(
        name = "generate",
        description = "Continues a text or answers a question, and prints tokens as they are generated.",
        footer = {
            "Examples:",
            "  lorikeet generate -m smollm2-135m -p \"Once upon a time\"",
            "  lorikeet generate -m smollm2-135m --adapter titles -p - < document.txt",
            "  lorikeet generate -m owner/name --chat \"Who was Ada?\" --temperature 0.7 --top-p 0.9",
            "",
            LorikeetCommand.MODELS,
            LorikeetCommand.OUTPUT,
            LorikeetCommand.STATUS,
        })
final class GenerateCommand implements Runnable {

    @Mixin
    private ModelOptions model;

    @Option(names = "--adapter", paramLabel = "FOLDER", description = "An adapter in PEFT's layout.")
    private Path adapter;

    @ArgGroup(multiplicity = "1")
    private Asked asked;

    private static final class Asked {

        @Option(
                names = {"-p", "--prompt"},
                paramLabel = "TEXT",
                description = "The prompt to continue; - reads it from standard input.")
        private String prompt;

        @Option(
                names = "--chat",
                paramLabel = "TEXT",
                description = "The message to answer with the model's chat template; - reads it from standard input.")
        private String chat;
    }

    @Option(names = "--system", paramLabel = "TEXT", description = "A system message before that of --chat.")
    private String system;

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            defaultValue = "100",
            description = "Maximum new tokens; ${DEFAULT-VALUE} by default.")
    private int maxTokens;

    @Option(
            names = {"--temperature", "--temp"},
            paramLabel = "X",
            defaultValue = "0",
            description = "Temperature; 0, the default, is greedy decoding.")
    private double temperature;

    @Option(
            names = "--top-k",
            paramLabel = "K",
            defaultValue = "0",
            description = "Samples from the K most likely tokens; 0: all.")
    private int topK;

    @Option(
            names = "--top-p",
            paramLabel = "P",
            defaultValue = "1",
            description = "Samples from the fewest tokens with this total probability; 1: all.")
    private double topP;

    @Option(
            names = "--repetition-penalty",
            paramLabel = "X",
            defaultValue = "1",
            description = "Repetition penalty; 1: none.")
    private double repetitionPenalty;

    @Option(
            names = "--stop",
            paramLabel = "TOKEN",
            description = "A token to stop at, besides the end token; may be repeated.")
    private List<String> stops = List.of();

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "123",
            description = "Seed of sampling; ${DEFAULT-VALUE} by default.")
    private long seed;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        Failures.usageUnless(
                system == null || asked.chat != null,
                spec,
                "--system goes with --chat; a prompt is continued as it is");
        GenerationConfig settings =
                new GenerationConfig(maxTokens, 0, temperature, topK, topP, repetitionPenalty, stops, seed);
        String text = Texts.given(asked.prompt == null ? asked.chat : asked.prompt);
        PrintWriter out = spec.commandLine().getOut();
        try (PretrainedModel loaded = model.load()) {
            if (adapter != null) {
                Lora.load(adapter, loaded);
            }
            GenerationResult generated = generate(loaded, text, settings, piece -> print(out, piece));
            out.println();
            out.flush();
            spec.commandLine().getErr().println(generated.details());
        }
    }

    private GenerationResult generate(
            PretrainedModel loaded, String text, GenerationConfig settings, Consumer<String> listener) {
        try {
            if (asked.prompt != null) {
                return loaded.generate(text, settings, listener);
            }
            List<Message> chat = Stream.concat(
                            Stream.ofNullable(system).map(Message::system), Stream.of(Message.user(text)))
                    .toList();
            return loaded.answer(chat, settings, listener);
        } catch (StoppedException e) {
            // Standard output has the text already that the message repeats.
            spec.commandLine().getOut().println();
            throw new StoppedException("Generation was stopped");
        }
    }

    /** Stops when the reader of the output has closed it, as head does. */
    private static void print(PrintWriter out, String piece) {
        out.print(piece);
        if (out.checkError()) {
            throw new StoppedException("Nobody reads the output any more");
        }
    }
}
