package dev.lorikeet.data.catalogue;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.Json;
import dev.lorikeet.base.Tables;
import dev.lorikeet.data.table.JsonRow;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Reads a JSON list of instructions, each with an input and an output, in Alpaca's format. */
public final class Instructions {

    private Instructions() {}

    public static Table parse(byte[] content, Path forErrors) {
        StringColumn instructions = StringColumn.create("instruction");
        StringColumn inputs = StringColumn.create("input");
        StringColumn outputs = StringColumn.create("output");
        try {
            String json = new String(content, StandardCharsets.UTF_8);
            for (JsonElement element : Json.parse(json).getAsJsonArray()) {
                JsonRow row = new JsonRow(element.getAsJsonObject(), forErrors, "row " + instructions.size());
                instructions.append(row.text("instruction"));
                inputs.append(row.text("input"));
                outputs.append(row.text("output"));
            }
        } catch (JsonParseException | IllegalStateException e) {
            throw new BadFileException(forErrors, "is not a JSON list of instructions: " + e.getMessage(), e);
        }
        return Tables.create("", instructions, inputs, outputs);
    }
}
