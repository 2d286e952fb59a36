package dev.lorikeet.spark;

import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.data.token.TokenRow;
import dev.lorikeet.data.token.TokenizedRows;
import dev.lorikeet.text.Tokenizer;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import tech.tablesaw.api.Table;

/** Tokenises the rows of a partition, a window of rows at a time. */
final class TokenFunction implements MapPartitionsFunction<Row, Row> {

    /** So many rows are packed together: enough to fill rows of tokens well, few enough for an executor's memory. */
    static final int WINDOW = 4096;

    private final TokenizerHandle handle;
    private final TokenSettings settings;
    private final StructType schema;

    /** @param schema of the rows, which are flat */
    TokenFunction(TokenizerHandle handle, TokenSettings settings, StructType schema) {
        this.handle = handle;
        this.settings = settings;
        this.schema = schema;
    }

    /** The columns that it makes: those that {@link TokenizedRows} reads, and the number of tokens. */
    static StructType columns() {
        return DataTypes.createStructType(List.of(
                list(TokenizedRows.INPUT_IDS),
                list(TokenizedRows.LABELS),
                list(TokenizedRows.SEGMENT_IDS),
                DataTypes.createStructField("length", DataTypes.IntegerType, false)));
    }

    private static StructField list(String name) {
        return DataTypes.createStructField(name, DataTypes.createArrayType(DataTypes.IntegerType, false), false);
    }

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        Tokenizer tokenizer = handle.tokenizer();
        return new Windows(rows, WINDOW, (window, first) -> tokenize(window, first, tokenizer));
    }

    private List<Row> tokenize(List<Row> window, long first, Tokenizer tokenizer) {
        try {
            Table table = TableRows.table(schema, window);
            return settings.documents(table).tokenize(tokenizer).stream()
                    .map(TokenFunction::row)
                    .toList();
        } catch (StoppedException e) {
            throw e;
        } catch (LorikeetException e) {
            // Its row numbers are those of the window.
            throw new LorikeetException(
                    "In the rows from %,d on of partition %,d: %s"
                            .formatted(first, TaskContext.getPartitionId(), e.getMessage()),
                    e);
        }
    }

    private static Row row(TokenRow row) {
        return RowFactory.create(boxed(row.ids()), boxed(row.labels()), boxed(row.segmentIds()), row.length());
    }

    private static Integer[] boxed(int... list) {
        return Arrays.stream(list).boxed().toArray(Integer[]::new);
    }
}
