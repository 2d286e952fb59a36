package dev.lorikeet.data;

import blue.strategic.parquet.Hydrator;
import blue.strategic.parquet.HydratorSupplier;
import blue.strategic.parquet.ParquetReader;
import dev.lorikeet.base.BadFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.parquet.schema.Type;

/** Reads Parquet files with one value in each cell. */
final class ParquetRows {

    private ParquetRows() {}

    /** Returns the column names. */
    static List<String> columns(Path file) {
        return reading(
                file, () -> ParquetReader.readMetadata(file.toFile()).getFileMetaData().getSchema().getFields().stream()
                        .map(Type::getName)
                        .toList());
    }

    /** Passes each row to {@code row}, with these columns only; a missing value is not in the map. */
    static void read(Path file, List<String> columns, Consumer<Map<String, Object>> row) {
        reading(file, () -> {
            try (Stream<Map<String, Object>> rows =
                    ParquetReader.streamContent(file.toFile(), HydratorSupplier.constantly(new ToMap()), columns)) {
                rows.forEach(row);
            }
            return null;
        });
    }

    private interface Reading<T> {
        T run() throws IOException;
    }

    /** Turns the various exceptions of the library into one. */
    private static <T> T reading(Path file, Reading<T> reading) {
        if (!Files.exists(file)) {
            throw new BadFileException(file, "there is no such file");
        }
        try {
            return reading.run();
        } catch (BadFileException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new BadFileException(file, "is not a Parquet file that can be read: " + e.getMessage(), e);
        }
    }

    private static final class ToMap implements Hydrator<Map<String, Object>, Map<String, Object>> {

        @Override
        public Map<String, Object> start() {
            return new HashMap<>();
        }

        @Override
        public Map<String, Object> add(Map<String, Object> row, String column, Object value) {
            if (value != null) {
                row.put(column, value);
            }
            return row;
        }

        @Override
        public Map<String, Object> finish(Map<String, Object> row) {
            return row;
        }
    }
}
