package dev.lorikeet.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A model of two layers from the toolkit's tests, which knows small letters, and commands that are run in this process. */
final class Tiny {

    /** A Llama with a context of 24 tokens. */
    static final String LLAMA = "../src/test/resources/dev/lorikeet/model/tiny-llama";

    private static final String TEMPLATE =
            "{\"chat_template\": \"{% for message in messages %}{{ message['content'] }} "
                    + "{% endfor %}\", \"eos_token\": \"<|endoftext|>\"}";

    private Tiny() {}

    /** How a command ended and what it printed as a result and as an error. */
    record Outcome(int status, String out, String err) {}

    /** Runs a command in this process: words that come apart at spaces, then arguments that may have some. */
    static Outcome run(String words, String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = LorikeetCommand.line(new PrintWriter(out, true), new PrintWriter(err, true))
                .execute(Stream.concat(Stream.of(words.split(" ")), Stream.of(args))
                        .toArray(String[]::new));
        return new Outcome(status, out.toString(), err.toString());
    }

    /** A copy of the model that chats, each message followed by a space. */
    static Path chatting(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(Path.of(LLAMA))) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
        Files.writeString(folder.resolve("tokenizer_config.json"), TEMPLATE);
        return folder;
    }

    /** Rows of two labels that differ by their first letter. */
    static Path labelled(Path file, int rows) {
        return written(
                file,
                Stream.iterate(0, i -> i + 1)
                        .limit(rows)
                        .map(i -> (i % 2 == 0 ? "up\ta bird flies " : "down\tz fish swims ") + "abcdefgh".charAt(i % 8))
                        .toList());
    }

    /** A text of short paragraphs. */
    static Path text(Path file, int paragraphs) {
        return written(
                file,
                Stream.iterate(0, i -> i + 1)
                        .limit(paragraphs)
                        .map(i -> "the cat sat on the " + "abcdefgh".charAt(i % 8) + ".\n")
                        .toList());
    }

    private static Path written(Path file, List<String> lines) {
        try {
            return Files.write(file, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
