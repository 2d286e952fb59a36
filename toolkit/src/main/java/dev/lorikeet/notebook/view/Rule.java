package dev.lorikeet.notebook.view;

import java.util.List;
import java.util.function.Function;

/**
 * A rule that renders values of one type, in any kernel.
 *
 * @param type the class or interface
 * @param kinds MIME types that the bundle may contain
 * @param shown renders a value
 */
public record Rule<T>(Class<T> type, List<String> kinds, Function<T, MimeBundle> shown) {

    static <T> Rule<T> html(Class<T> type, Function<T, MimeBundle> shown) {
        return new Rule<>(type, List.of(MimeBundle.HTML, MimeBundle.TEXT), shown);
    }

    /** Renders a value. If that fails, it renders the error instead, which would otherwise fail the cell. */
    public MimeBundle show(T value) {
        try {
            return shown.apply(value);
        } catch (RuntimeException | LinkageError e) {
            return MimeBundle.text(type.getSimpleName() + " that cannot be shown: " + e);
        }
    }
}
