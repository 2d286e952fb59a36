package dev.lorikeet.data.table;

import blue.strategic.parquet.ParquetReader;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.StoppedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/** Reads Parquet files; lists and objects in a cell become JSON. */
public final class ParquetRows {

    private ParquetRows() {}

    /** Returns the column names. */
    public static List<String> columns(Path file) {
        return reading(file, reader -> reader.getFileMetaData().getSchema().getFields().stream()
                .map(Type::getName)
                .toList());
    }

    /** Passes each row as text to {@code row}, with these columns only; a missing value is not in the map. */
    public static void read(Path file, List<String> columns, Consumer<Map<String, String>> row) {
        reading(file, reader -> {
            ParquetChunks.check(file, reader.getFooter(), columns);
            MessageType whole = reader.getFileMetaData().getSchema();
            MessageType schema = new MessageType(
                    whole.getName(),
                    whole.getFields().stream()
                            .filter(field -> columns.contains(field.getName()))
                            .toList());
            ParquetText text = new ParquetText(reader.getFileMetaData().getKeyValueMetaData());
            reader.setRequestedSchema(schema);
            MessageColumnIO io = new ColumnIOFactory().getColumnIO(schema);
            for (PageReadStore pages = reader.readNextRowGroup(); pages != null; pages = reader.readNextRowGroup()) {
                RecordReader<Group> rows =
                        io.getRecordReader(new ParquetPages(pages), new GroupRecordConverter(schema));
                for (long i = 0; i < pages.getRowCount(); i++) {
                    StoppedException.check("Reading was interrupted");
                    row.accept(cells(rows.read(), schema, text));
                }
            }
            return null;
        });
    }

    private static Map<String, String> cells(Group group, MessageType schema, ParquetText text) {
        Map<String, String> cells = new HashMap<>();
        for (int field = 0; field < schema.getFieldCount(); field++) {
            text.cell(group, field).ifPresent(put(cells, schema.getFieldName(field)));
        }
        return cells;
    }

    private static Consumer<String> put(Map<String, String> cells, String name) {
        return value -> cells.put(name, value);
    }

    private interface Reading<T> {
        T run(ParquetFileReader reader) throws IOException;
    }

    /** Turns the various exceptions of the library into one. */
    private static <T> T reading(Path file, Reading<T> reading) {
        FileCheck.exists(file);
        ParquetReadOptions options = ParquetReadOptions.builder(new PlainParquetConfiguration())
                .withCodecFactory(new ParquetCodecs(file))
                .build();
        try (ParquetFileReader reader = ParquetFileReader.open(ParquetReader.makeInputFile(file.toFile()), options)) {
            return reading.run(reader);
        } catch (BadFileException | StoppedException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new BadFileException(file, "is not a Parquet file that can be read: " + e.getMessage(), e);
        }
    }
}
