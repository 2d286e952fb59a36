package dev.lorikeet.spark;

import dev.lorikeet.model.LanguageModel;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.types.StructField;

/** What a model says of rows. */
interface RowModel extends Serializable {

    /** The columns that it adds. */
    List<StructField> fields();

    /**
     * The values of these columns for each row.
     *
     * @param inputs the values of the column that it reads, none null
     */
    List<Object[]> of(LanguageModel model, List<Object> inputs);
}
