package dev.lorikeet.data;

import com.google.gson.JsonParseException;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.Json;
import dev.lorikeet.base.UnknownNameException;
import java.util.List;

/** Reads the cells of a column of labels: one label as it stands, or several as a JSON list such as {@code ["late", "card"]}. */
final class LabelCells {

    private LabelCells() {}

    static boolean isList(String cell) {
        return cell.startsWith("[") && cell.endsWith("]");
    }

    /** The labels in a cell: that of a single label is the label. */
    static List<String> labels(String cell) {
        if (!isList(cell)) {
            return List.of(cell);
        }
        try {
            return Json.list(Json.parse(cell), "the labels", Json::text);
        } catch (JsonParseException e) {
            throw new BadArgumentException(
                    "labels of a text", cell, "a JSON list of labels, such as [\"late\", \"card\"]");
        }
    }

    /** @throws UnknownNameException if it is none of the known ones */
    static int index(String label, List<String> known) {
        int index = known.indexOf(label);
        if (index < 0) {
            throw new UnknownNameException("label", label, known);
        }
        return index;
    }

    /** Whether each of the known labels is in a cell. */
    static boolean[] flags(String cell, List<String> known) {
        boolean[] flags = new boolean[known.size()];
        labels(cell).forEach(label -> flags[index(label, known)] = true);
        return flags;
    }
}
