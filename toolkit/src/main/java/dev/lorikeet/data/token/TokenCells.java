package dev.lorikeet.data.token;

import com.google.gson.JsonParseException;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.Json;
import dev.lorikeet.data.table.Columns;
import tech.tablesaw.api.Table;

/** The cells of a row of tokens: lists in JSON. */
record TokenCells(Table table, int row) {

    private static final int SHOWN = 80;

    /** Names a cell, for messages. */
    static String place(int row, String column) {
        return "row " + row + " of " + column;
    }

    boolean has(String column) {
        return table.containsColumn(column);
    }

    /** @throws BadArgumentException that names the cell, unless {@code holds} */
    void unless(boolean holds, String column, Object value, String expected) {
        if (!holds) {
            throw new BadArgumentException(place(row, column), value, expected);
        }
    }

    /** Reads a list of whole numbers. */
    int[] list(String column) {
        String cell = Columns.of(table, column).getString(row);
        try {
            return Json.list(Json.parse(cell), column, Json::integer).stream()
                    .mapToInt(Integer::intValue)
                    .toArray();
        } catch (JsonParseException e) {
            throw new BadArgumentException(
                    place(row, column),
                    cell.length() <= SHOWN ? cell : cell.substring(0, SHOWN) + "…",
                    "a list of whole numbers, such as [1, 2, 3]");
        }
    }

    /** Reads a list with a number for each token. */
    int[] list(String column, int tokens) {
        int[] list = list(column);
        unless(
                list.length == tokens,
                column,
                list.length + " long",
                "%d numbers, one for each token of %s".formatted(tokens, TokenizedRows.INPUT_IDS));
        return list;
    }

    /** Reads a list with 0 or 1 for each token. */
    boolean[] flags(String column, int tokens) {
        int[] list = list(column, tokens);
        boolean[] flags = new boolean[tokens];
        for (int i = 0; i < tokens; i++) {
            unless(list[i] == 0 || list[i] == 1, column, list[i], "0 or 1");
            flags[i] = list[i] == 1;
        }
        return flags;
    }
}
