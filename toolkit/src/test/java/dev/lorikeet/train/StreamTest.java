package dev.lorikeet.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.data.Batch;
import dev.lorikeet.data.stream.LabelledText;
import dev.lorikeet.data.stream.StreamedBatches;
import dev.lorikeet.data.stream.TextStream;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.text.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Texts that are read while a training goes on. */
class StreamTest {

    private static final List<String> LABELS = List.of("ham", "spam");

    @TempDir
    private Path home;

    private static TextStream generated(long rows, AtomicLong read) {
        return TextStream.of("generated", rows, () -> LongStream.range(0, rows).mapToObj(row -> {
            read.incrementAndGet();
            return row % 2 == 0
                    ? new LabelledText("ham", "see you at home " + row)
                    : new LabelledText("spam", "win free cash now " + row);
        }));
    }

    private static StreamedBatches batches(TextStream texts, long seed) {
        return new StreamedBatches(texts, Tokenizers.gpt2(), LABELS, 64, 8, 0, seed);
    }

    private static List<String> rows(List<Batch> batches) {
        return batches.stream()
                .flatMap(batch -> IntStream.range(0, batch.size())
                        .mapToObj(i -> Arrays.toString(Arrays.copyOf(batch.ids()[i], batch.lengths()[i]))))
                .toList();
    }

    @Test
    void anEpochHasEachTextOnceInAnOrderOfItsOwn() {
        TextStream texts = generated(2400, new AtomicLong());
        List<String> first = rows(List.copyOf(batches(texts, 1)));
        List<String> again = rows(List.copyOf(batches(texts, 1)));
        List<String> other = rows(List.copyOf(batches(texts, 2)));
        assertEquals(2400, first.stream().distinct().count());
        assertEquals(first, again);
        assertNotEquals(first, other);
        assertEquals(first.stream().sorted().toList(), other.stream().sorted().toList());
    }

    @Test
    void aBatchIsMadeWhenItIsAskedFor() {
        AtomicLong read = new AtomicLong();
        StreamedBatches all = batches(generated(5_000_000, read), 1);
        assertEquals(625_000, all.size());
        Batch tenth = all.get(10);
        assertTrue(read.get() < 2_000, read + " texts were read for eleven batches");
        assertEquals(rows(List.of(tenth)), rows(List.of(all.get(10))));
        all.get(11);
        assertEquals(rows(List.of(tenth)), rows(List.of(all.get(10))), "an earlier one is read again");
    }

    @Test
    void aStreamTrainsAsATableDoes() throws IOException {
        StringBuilder csv = new StringBuilder("id,text,label\n");
        var table = Toys.table(64);
        for (int row = 0; row < table.rowCount(); row++) {
            csv.append(row)
                    .append(",\"")
                    .append(table.stringColumn("text").get(row))
                    .append("\",")
                    .append(table.stringColumn("label").get(row))
                    .append('\n');
        }
        Path file = Files.writeString(home.resolve("big.csv"), csv);
        try (Classifier model = Toys.classifier()) {
            TextStream texts = TextStream.csv(file, "text", "label");
            assertEquals(64, texts.rows());
            TrainingRun run = FineTune.of(model)
                    .on(texts)
                    .validation(Toys.table(16))
                    .batchSize(4)
                    .epochs(4)
                    .learningRate(5e-3)
                    .quietly()
                    .run();
            assertEquals(64, run.history().steps().size());
            assertTrue(Evaluation.of(model).quietly().on(Toys.table(16)).accuracy() > 0.9);
        }
    }

    @Test
    void badFilesAndRowsAreNamed() throws IOException {
        Path file = home.resolve("bad.csv");
        assertThrows(BadFileException.class, () -> TextStream.csv(file, "text", "label"));
        Files.writeString(file, "text,label\n");
        assertThrows(BadFileException.class, () -> TextStream.csv(file, "text", "label"));
        Files.writeString(file, "text,label\nhello,ham\n,spam\n");
        String message = assertThrows(BadFileException.class, () -> TextStream.csv(file, "text", "label"))
                .getMessage();
        assertTrue(message.contains("\"text\"") && message.contains("line 3"), message);
        assertThrows(UnknownNameException.class, () -> TextStream.csv(file, "texts", "label"));
        TextStream fewer = TextStream.of(
                "short", 100, () -> generated(20, new AtomicLong()).source().get());
        message = assertThrows(
                        BadArgumentException.class, () -> batches(fewer, 1).get(5))
                .getMessage();
        assertTrue(message.contains("as the stream has promised"), message);
        TextStream other = TextStream.of(
                "other", 8, () -> IntStream.range(0, 8).mapToObj(i -> new LabelledText("eggs", "text " + i)));
        assertThrows(UnknownNameException.class, () -> batches(other, 1).get(0));
        assertThrows(BadArgumentException.class, () -> batches(generated(4, new AtomicLong()), 1));
    }
}
