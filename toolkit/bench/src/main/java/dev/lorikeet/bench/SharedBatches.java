package dev.lorikeet.bench;

import com.google.gson.Gson;
import dev.lorikeet.base.AtomicFiles;
import dev.lorikeet.data.Batch;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The batches of a run in a file, for a peer that is to train on the same ones. */
final class SharedBatches {

    /** As it stands in the file: token ids of each row without padding. */
    private record Written(List<int[]> ids, int[] labels) {}

    private SharedBatches() {}

    static void write(Path file, List<Batch> batches) {
        AtomicFiles.writeText(
                file,
                new Gson().toJson(batches.stream().map(SharedBatches::written).toList()));
    }

    private static Written written(Batch batch) {
        List<int[]> rows = IntStream.range(0, batch.size())
                .mapToObj(row -> Arrays.copyOf(batch.ids()[row], batch.lengths()[row]))
                .toList();
        return new Written(rows, batch.labels());
    }
}
