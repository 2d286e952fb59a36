package dev.lorikeet.bench;

import com.google.gson.Gson;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.file.AtomicFiles;
import dev.lorikeet.data.Batch;
import dev.lorikeet.data.Batches;
import dev.lorikeet.data.Examples;
import dev.lorikeet.data.Splits;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.train.TrainingRun;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import tech.tablesaw.api.Table;

/** The batches of a run in a file, for a peer that is to train on the same ones. */
final class SharedBatches {

    /** As it stands in the file: token ids of each row without padding, and labels where rows have one. */
    private record Written(List<int[]> ids, int[] labels) {}

    private SharedBatches() {}

    /** The batches of this run, made again: the loop does not give them away. */
    static void writeLabelled(Path file, TrainingRun run, Splits splits, Classifier model) {
        Examples examples = Examples.encode(
                splits.train(),
                model.tokenizer(),
                model.labels(),
                run.settings().width().orElse(model.config().contextLength()));
        Batches order = Batches.of(examples)
                .size(run.settings().batchSize())
                .padId(model.tokenizer().pad().orElse(0))
                .shuffled(run.settings().seed())
                .dropLast();
        List<Batch> labelled = IntStream.range(0, run.settings().epochs())
                .mapToObj(order::epoch)
                .flatMap(List::stream)
                .limit(run.steps())
                .toList();
        if (labelled.stream().mapToLong(Batch::tokens).sum() != run.tokens()) {
            throw new LorikeetException("The training loop makes its batches otherwise than this benchmark thinks");
        }
        write(file, written(labelled));
    }

    /** The batches of an evaluation of a classifier. */
    static void writeTest(Path file, Table test, Classifier model, int size) {
        Examples examples = Examples.encode(
                test, model.tokenizer(), model.labels(), model.config().contextLength());
        write(file, written(Batches.of(examples).size(size).epoch(0)));
    }

    private static List<Written> written(List<Batch> labelled) {
        return labelled.stream()
                .map(batch -> new Written(rows(batch.ids(), batch.lengths()), batch.labels()))
                .toList();
    }

    /** @param causal of whose rows every token is to be predicted */
    static void writeCausal(Path file, List<Batch> causal) {
        write(
                file,
                causal.stream()
                        .map(batch -> new Written(rows(batch.ids(), batch.lengths()), null))
                        .toList());
    }

    private static void write(Path file, List<Written> batches) {
        AtomicFiles.writeText(file, new Gson().toJson(batches));
    }

    static List<int[]> rows(int[][] ids, int[] lengths) {
        return IntStream.range(0, ids.length)
                .mapToObj(row -> Arrays.copyOf(ids[row], lengths[row]))
                .toList();
    }
}
