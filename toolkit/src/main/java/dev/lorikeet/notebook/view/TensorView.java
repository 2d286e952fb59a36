package dev.lorikeet.notebook.view;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.base.HtmlTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.stream.IntStream;

/** Renders an {@link NDArray}: shape, dtype, device and some of its values; a closed array as closed. */
public final class TensorView {

    private static final int ROWS = 6;
    private static final int COLUMNS = 8;

    private TensorView() {}

    public static MimeBundle bundle(NDArray array) {
        if (array.isReleased()) {
            return MimeBundle.text("NDArray, closed");
        }
        Shape shape = array.getShape();
        String about = "NDArray " + shape + ", " + type(array) + ", " + array.getDevice();
        List<List<Object>> corner = array.getDataType() == DataType.UNKNOWN ? List.of() : corner(array, shape);
        if (corner.isEmpty()) {
            return MimeBundle.text(about);
        }
        HtmlTable table = HtmlTable.of().title(about);
        corner.forEach(table::row);
        place(shape).ifPresent(table::caption);
        return MimeBundle.html(table.html(), about + text(corner));
    }

    /** Names the dtype, including bfloat16, which the engine has but DJL does not know. */
    private static String type(NDArray array) {
        DataType type = array.getDataType();
        return type == DataType.UNKNOWN
                ? "a type that DJL does not know"
                : type.name().toLowerCase(Locale.ROOT);
    }

    /** Returns the first rows and columns of the last two dimensions, at index 0 of the others; empty if they cannot be read. */
    private static List<List<Object>> corner(NDArray array, Shape shape) {
        if (shape.size() == 0) {
            return List.of();
        }
        int dimensions = shape.dimension();
        long rows = dimensions < 2 ? 1 : Math.min(ROWS, shape.get(dimensions - 2));
        long columns = dimensions < 1 ? 1 : Math.min(COLUMNS, shape.get(dimensions - 1));
        try (NDArray part = part(array, dimensions, rows, columns)) {
            boolean[] truths = array.getDataType() == DataType.BOOLEAN ? part.toBooleanArray() : null;
            Object[] values = truths == null
                    ? part.toArray()
                    : IntStream.range(0, truths.length).mapToObj(i -> truths[i]).toArray();
            List<List<Object>> table = new ArrayList<>();
            for (int row = 0; row < rows; row++) {
                List<Object> cells = new ArrayList<>(
                        Arrays.asList(values).subList((int) (row * columns), (int) ((row + 1) * columns)));
                table.add(dots(cells, dimensions > 0 && columns < shape.get(dimensions - 1)));
            }
            if (dimensions >= 2 && rows < shape.get(dimensions - 2)) {
                table.add(dots(new ArrayList<>(), true));
            }
            return table;
        } catch (RuntimeException e) {
            return List.of();
        }
    }

    private static NDArray part(NDArray array, int dimensions, long rows, long columns) {
        if (dimensions == 0) {
            return array.reshape(1);
        }
        StringJoiner index = new StringJoiner(",");
        IntStream.range(0, dimensions - 2).forEach(dimension -> index.add("0"));
        if (dimensions > 1) {
            index.add(":" + rows);
        }
        index.add(":" + columns);
        return array.get(new NDIndex(index.toString()));
    }

    private static List<Object> dots(List<Object> cells, boolean more) {
        if (more) {
            cells.add("…");
        }
        return cells;
    }

    private static Optional<String> place(Shape shape) {
        if (shape.dimension() <= 2) {
            return Optional.empty();
        }
        String zeros = "0, ".repeat(shape.dimension() - 2);
        return Optional.of("values of [" + zeros + ":, :]");
    }

    private static String text(List<List<Object>> corner) {
        StringBuilder text = new StringBuilder();
        for (List<Object> row : corner) {
            text.append(System.lineSeparator());
            for (Object cell : row) {
                text.append(String.format(
                        "%10s ", cell instanceof Number number ? HtmlTable.format(number) : cell.toString()));
            }
        }
        return text.toString();
    }
}
