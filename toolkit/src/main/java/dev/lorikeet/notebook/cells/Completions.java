package dev.lorikeet.notebook.cells;

import java.util.List;
import java.util.Set;

/** What a kernel proposes where a member's name begins. */
public final class Completions {

    /** The methods that every object has, as JShell writes them. */
    private static final Set<String> OF_OBJECT =
            Set.of("equals(", "getClass()", "hashCode()", "notify()", "notifyAll()", "toString()", "wait(");

    private Completions() {}

    /** Leaves out the methods of {@link Object} where nothing of a name is typed yet and there are others. */
    public static List<String> shown(List<String> proposals, boolean nothingTyped) {
        if (!nothingTyped) {
            return proposals;
        }
        List<String> own =
                proposals.stream().filter(each -> !OF_OBJECT.contains(each)).toList();
        return own.isEmpty() ? proposals : own;
    }
}
