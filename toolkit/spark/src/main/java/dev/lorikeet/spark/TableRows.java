package dev.lorikeet.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import tech.tablesaw.api.BooleanColumn;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** Tables of Tablesaw as rows of Spark, and back. */
final class TableRows {

    private static final Set<DataType> WHOLE =
            Set.of(DataTypes.ByteType, DataTypes.ShortType, DataTypes.IntegerType, DataTypes.LongType);

    private TableRows() {}

    static Dataset<Row> rows(SparkSession spark, Table table) {
        List<StructField> fields = table.columns().stream()
                .map(column -> DataTypes.createStructField(column.name(), type(column.type()), true))
                .toList();
        List<Row> rows = IntStream.range(0, table.rowCount())
                .mapToObj(row -> RowFactory.create(table.columns().stream()
                        .map(column -> value(column, row))
                        .toArray()))
                .toList();
        return spark.createDataFrame(rows, DataTypes.createStructType(fields));
    }

    private static DataType type(ColumnType type) {
        if (type == ColumnType.INTEGER || type == ColumnType.SHORT || type == ColumnType.LONG) {
            return DataTypes.LongType;
        }
        if (type == ColumnType.DOUBLE || type == ColumnType.FLOAT) {
            return DataTypes.DoubleType;
        }
        return type == ColumnType.BOOLEAN ? DataTypes.BooleanType : DataTypes.StringType;
    }

    private static Object value(Column<?> column, int row) {
        if (column.isMissing(row)) {
            return null;
        }
        Object value = column.get(row);
        DataType type = type(column.type());
        if (type == DataTypes.LongType) {
            return ((Number) value).longValue();
        }
        if (type == DataTypes.DoubleType) {
            return ((Number) value).doubleValue();
        }
        return type == DataTypes.BooleanType ? value : column.getString(row);
    }

    /** The rows with lists and objects as JSON, which they are in files too. */
    static Dataset<Row> flat(Dataset<Row> rows) {
        List<StructField> fields = List.of(rows.schema().fields());
        return fields.stream().noneMatch(TableRows::isNested)
                ? rows
                : rows.selectExpr(fields.stream().map(TableRows::flat).toArray(String[]::new));
    }

    private static String flat(StructField field) {
        String name = "`" + field.name().replace("`", "``") + "`";
        return isNested(field) ? "to_json(%s, map('ignoreNullFields', 'false')) AS %1$s".formatted(name) : name;
    }

    private static boolean isNested(StructField field) {
        DataType type = field.dataType();
        return type instanceof ArrayType || type instanceof StructType || type instanceof MapType;
    }

    static Table table(Dataset<Row> rows) {
        return table(rows.schema(), flat(rows).collectAsList());
    }

    /** @param rows flat ones */
    static Table table(StructType schema, List<Row> rows) {
        List<Column<?>> columns = new ArrayList<>();
        for (StructField field : schema.fields()) {
            Column<?> column = column(field);
            int index = columns.size();
            rows.forEach(row -> append(column, row.isNullAt(index) ? null : row.get(index)));
            columns.add(column);
        }
        return Table.create("rows", columns);
    }

    private static Column<?> column(StructField field) {
        if (WHOLE.contains(field.dataType())) {
            return LongColumn.create(field.name());
        }
        if (field.dataType() instanceof NumericType) {
            return DoubleColumn.create(field.name());
        }
        return field.dataType() instanceof BooleanType
                ? BooleanColumn.create(field.name())
                : StringColumn.create(field.name());
    }

    private static void append(Column<?> column, Object value) {
        if (value == null) {
            column.appendMissing();
        } else if (column instanceof LongColumn whole) {
            whole.append(((Number) value).longValue());
        } else if (column instanceof DoubleColumn numbers) {
            numbers.append(((Number) value).doubleValue());
        } else if (column instanceof BooleanColumn truths) {
            truths.append((Boolean) value);
        } else {
            ((StringColumn) column).append(value.toString());
        }
    }
}
