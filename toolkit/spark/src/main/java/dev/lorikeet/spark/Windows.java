package dev.lorikeet.spark;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.apache.spark.sql.Row;

/** The rows that a function makes of a partition's, a window of rows at a time. */
final class Windows implements Iterator<Row> {

    /** Makes rows of rows. */
    interface WindowFunction {

        /** @param first number of the window's first row in its partition, from 0 */
        List<Row> of(List<Row> window, long first);
    }

    private final Iterator<Row> rows;
    private final int size;
    private final WindowFunction function;
    private final Queue<Row> done = new ArrayDeque<>();
    private long taken;

    /** @param size number of rows in a window; the last one may have fewer */
    Windows(Iterator<Row> rows, int size, WindowFunction function) {
        this.rows = rows;
        this.size = size;
        this.function = function;
    }

    @Override
    public boolean hasNext() {
        while (done.isEmpty() && rows.hasNext()) {
            List<Row> window = new ArrayList<>();
            while (window.size() < size && rows.hasNext()) {
                window.add(rows.next());
            }
            done.addAll(function.of(window, taken));
            taken += window.size();
        }
        return !done.isEmpty();
    }

    @Override
    public Row next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return done.remove();
    }
}
