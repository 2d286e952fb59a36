package dev.lorikeet.spark;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.UnknownNameException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Rows to which a model says something. */
final class ModelRows {

    private final Dataset<Row> rows;
    private final String column;
    private final RowModel says;

    /**
     * @param column that the model reads
     * @throws UnknownNameException if there is no such column
     * @throws BadArgumentException if the model cannot read what is in it
     */
    ModelRows(Dataset<Row> rows, String column, RowModel says) {
        this.rows = rows;
        this.column = column;
        this.says = says;
        if (!columns().contains(column)) {
            throw new UnknownNameException("column", column, columns());
        }
        checkType(rows.schema().apply(column));
    }

    private List<String> columns() {
        return List.of(rows.columns());
    }

    private void checkType(StructField field) {
        boolean chat = says instanceof Answering answering && answering.chat();
        boolean conversations = chat
                && field.dataType() instanceof ArrayType array
                && array.elementType() instanceof StructType turn
                && List.of(turn.fieldNames()).containsAll(List.of("role", "content"));
        BadArgumentException.unless(
                field.dataType() instanceof StringType || conversations,
                "column " + field.name(),
                field.dataType().simpleString(),
                chat ? "string, or array<struct<role:string,content:string>>" : "string");
    }

    /** The rows with the model's columns in place of others of their names. */
    Dataset<Row> with(ModelHandle model) {
        List<String> added = says.fields().stream().map(StructField::name).toList();
        List<StructField> fields = new ArrayList<>(List.of(rows.schema().fields()));
        fields.removeIf(field -> added.contains(field.name()));
        int[] kept = fields.stream()
                .mapToInt(field -> columns().indexOf(field.name()))
                .toArray();
        fields.addAll(says.fields());
        RowFunction function = new RowFunction(model, says, columns().indexOf(column), kept);
        return rows.mapPartitions(function, Encoders.row(DataTypes.createStructType(fields)));
    }
}
