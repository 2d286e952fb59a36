package dev.lorikeet.data;

import com.google.gson.JsonParseException;
import dev.lorikeet.base.Json;
import dev.lorikeet.base.UnknownNameException;
import java.util.List;
import java.util.stream.Stream;

/** Reads the cells of a column of labels: one label as it stands, or several as a JSON list such as {@code ["late", "card"]}. */
final class LabelCells {

    private LabelCells() {}

    /** Lists the labels in a column: its cells, or where all of them are JSON lists, what the lists hold. */
    static Stream<String> labels(List<String> cells) {
        return cells.stream().allMatch(LabelCells::isList)
                ? cells.stream().flatMap(cell -> list(cell).stream())
                : cells.stream();
    }

    /** Whether a cell is a JSON list of labels; {@code [INFO]} is a label. */
    private static boolean isList(String cell) {
        try {
            list(cell);
            return true;
        } catch (JsonParseException e) {
            return false;
        }
    }

    private static List<String> list(String cell) {
        return Json.list(Json.parse(cell), "the labels", Json::text);
    }

    /** @throws UnknownNameException if it is none of the known ones */
    static int index(String label, List<String> known) {
        int index = known.indexOf(label);
        if (index < 0) {
            throw new UnknownNameException("label", label, known);
        }
        return index;
    }

    /** The labels in a cell: one of the known ones as it stands, or those of a list. */
    static List<String> of(String cell, List<String> known) {
        return known.contains(cell) || !isList(cell) ? List.of(cell) : list(cell);
    }

    /** Whether each of the known labels is in a cell. */
    static boolean[] flags(String cell, List<String> known) {
        boolean[] flags = new boolean[known.size()];
        of(cell, known).forEach(label -> flags[index(label, known)] = true);
        return flags;
    }
}
