package dev.lorikeet.notebook;

import java.util.List;
import java.util.function.Function;

/**
 * How values of one type are shown, whatever the kernel.
 *
 * @param type the class or interface
 * @param kinds the MIME types that may come
 * @param shown makes the forms of a value
 */
record Rule<T>(Class<T> type, List<String> kinds, Function<T, MimeBundle> shown) {

    static <T> Rule<T> html(Class<T> type, Function<T, MimeBundle> shown) {
        return new Rule<>(type, List.of(MimeBundle.HTML, MimeBundle.TEXT), shown);
    }

    /** The forms of {@code value}; a failure is shown in the value's place, because it would otherwise fail the cell. */
    MimeBundle show(T value) {
        try {
            return shown.apply(value);
        } catch (RuntimeException | LinkageError e) {
            return MimeBundle.text(type.getSimpleName() + " that cannot be shown: " + e);
        }
    }
}
