package dev.lorikeet.data.catalogue;

import dev.lorikeet.base.Tables;
import dev.lorikeet.data.table.JsonLines;
import java.nio.file.Path;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Reads SciTLDR: an abstract as a list of sentences, the paper's title, and the first of its summaries. */
public final class SciTldr {

    private SciTldr() {}

    public static Table parse(byte[] lines, Path forErrors) {
        StringColumn documents = StringColumn.create("document");
        StringColumn titles = StringColumn.create("title");
        StringColumn summaries = StringColumn.create("tldr");
        JsonLines.parse(lines, forErrors, row -> {
            documents.append(row.text("source"));
            titles.append(row.text("title"));
            summaries.append(row.object().getAsJsonArray("target").get(0).getAsString());
        });
        return Tables.create("", documents, titles, summaries);
    }
}
