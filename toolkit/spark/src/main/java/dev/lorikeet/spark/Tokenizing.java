package dev.lorikeet.spark;

import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.data.TrainingForm;
import dev.lorikeet.model.LanguageModel;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FilterFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/** Rows of texts that become rows of tokens. */
final class Tokenizing {

    private final Dataset<Row> rows;
    private final TokenSettings settings;
    private final boolean isRecognised;
    private final TrainingForm form;

    /**
     * @throws UnknownNameException if there is no such column
     * @throws dev.lorikeet.base.BadArgumentException if the form is not recognised by the names of the columns
     */
    Tokenizing(Dataset<Row> rows, TokenSettings settings) {
        this.rows = rows;
        this.settings = settings;
        isRecognised = settings.columns().isEmpty();
        List<String> names = List.of(rows.columns());
        settings.columns().stream().filter(column -> !names.contains(column)).forEach(column -> {
            throw new UnknownNameException("column", column, names);
        });
        form = isRecognised
                ? TrainingForm.of(names)
                : settings.columns().size() == 1 ? TrainingForm.TEXTS : TrainingForm.PAIRS;
    }

    /** @throws dev.lorikeet.base.LorikeetException if the texts need a chat template and the model has none */
    Dataset<Row> with(JavaSparkContext context, LanguageModel model) {
        if (form.isChat() || columns().stream().anyMatch(column -> isChat(type(column)))) {
            model.tokenizer().chat();
        }
        return Jobs.interruptibly("Sending the tokenizer", () -> {
            Dataset<Row> flat = TableRows.flat(rows);
            TokenFunction function = new TokenFunction(TokenizerHandle.of(context, model), settled(), flat.schema());
            return flat.mapPartitions(function, Encoders.row(TokenFunction.columns()));
        });
    }

    private List<String> columns() {
        return isRecognised ? form.columns() : settings.columns();
    }

    private DataType type(String column) {
        return rows.schema().apply(column).dataType();
    }

    private static boolean isChat(DataType type) {
        return type instanceof ArrayType array && array.elementType() instanceof StructType;
    }

    /** Whether pairs bring the space between them is a matter of all rows, so that no window may decide it. */
    private TokenSettings settled() {
        boolean undecided = isRecognised
                && form == TrainingForm.PAIRS
                && settings.separator() == null
                && columns().stream().allMatch(column -> type(column) instanceof StringType);
        if (!undecided) {
            return settings;
        }
        int prompt = rows.schema().fieldIndex(columns().get(0));
        int completion = rows.schema().fieldIndex(columns().get(1));
        FilterFunction<Row> areOneText = row -> TrainingForm.areOneText(text(row, prompt), text(row, completion));
        return settings.separator(rows.filter(areOneText).isEmpty() ? "\n" : "");
    }

    private static String text(Row row, int column) {
        return row.isNullAt(column) ? "" : row.getString(column);
    }
}
