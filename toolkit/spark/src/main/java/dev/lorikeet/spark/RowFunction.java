package dev.lorikeet.spark;

import dev.lorikeet.model.LanguageModel;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Adds what a model says to the rows of a partition, a window of rows at a time. */
final class RowFunction implements MapPartitionsFunction<Row, Row> {

    /** Enough that batches of similar length can be made of them. */
    private static final int WINDOW = 256;

    private final ModelHandle handle;
    private final RowModel says;
    private final int column;
    private final int[] kept;

    /**
     * @param column that the model reads
     * @param kept columns that stay
     */
    RowFunction(ModelHandle handle, RowModel says, int column, int... kept) {
        this.handle = handle;
        this.says = says;
        this.column = column;
        this.kept = kept;
    }

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        return new Windows(rows, WINDOW, (window, first) -> window(window));
    }

    private List<Row> window(List<Row> window) {
        LanguageModel model = ExecutorModel.checked(handle).model();
        List<Object> inputs = window.stream()
                .filter(row -> !row.isNullAt(column))
                .<Object>map(row -> row.get(column) instanceof String text ? text : row.getList(column))
                .toList();
        Iterator<Object[]> said = (inputs.isEmpty() ? List.<Object[]>of() : says.of(model, inputs)).iterator();
        int added = says.fields().size();
        return window.stream()
                .map(row -> with(row, row.isNullAt(column) ? new Object[added] : said.next()))
                .toList();
    }

    private Row with(Row row, Object... added) {
        Object[] values = new Object[kept.length + added.length];
        for (int i = 0; i < kept.length; i++) {
            values[i] = row.get(kept[i]);
        }
        System.arraycopy(added, 0, values, kept.length, added.length);
        return RowFactory.create(values);
    }
}
