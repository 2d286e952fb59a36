package dev.lorikeet.notebook.view;

import dev.lorikeet.base.HtmlTable;
import java.lang.reflect.RecordComponent;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/** Renders a record as a table of its components; components of nested records have dotted names. */
public final class RecordView {

    private static final String OURS = "dev.lorikeet.";

    private record Line(String name, Object value) {}

    private RecordView() {}

    /** Leaves records of other packages, and records with their own toString, to the kernel. */
    public static MimeBundle bundle(Record value) {
        if (!hasNoWords(value)) {
            return MimeBundle.NONE;
        }
        List<Line> lines = new ArrayList<>();
        collect("", value, lines);
        String title = value.getClass().getSimpleName();
        HtmlTable table = HtmlTable.of().title(title);
        StringBuilder text = new StringBuilder(title);
        int width = lines.stream().mapToInt(line -> line.name().length()).max().orElse(1);
        for (Line line : lines) {
            table.row(line.name(), words(line.value()));
            text.append(String.format("%n  %-" + width + "s  %s", line.name(), words(line.value())));
        }
        return MimeBundle.html(table.html(), text.toString());
    }

    /** Whether the record has the toString that the compiler generates. */
    private static boolean hasNoWords(Record value) {
        Class<?> type = value.getClass();
        return type.getName().startsWith(OURS) && value.toString().startsWith(type.getSimpleName() + "[");
    }

    private static void collect(String before, Record value, List<Line> lines) {
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            Object content = content(value, component);
            if (content instanceof Record inner && hasNoWords(inner)) {
                collect(before + component.getName() + ".", inner, lines);
            } else {
                lines.add(new Line(before + component.getName(), content));
            }
        }
    }

    private static Object content(Record value, RecordComponent component) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(value);
        } catch (ReflectiveOperationException e) {
            return "cannot be read: " + e;
        }
    }

    private static String words(Object value) {
        if (value == null || value.equals(Optional.empty()) || value.equals(OptionalInt.empty())) {
            return "–";
        }
        if (value instanceof Optional<?> there) {
            return words(there.orElseThrow());
        }
        if (value instanceof OptionalInt there) {
            return String.valueOf(there.getAsInt());
        }
        if (value instanceof Double || value instanceof Float) {
            return number(((Number) value).doubleValue());
        }
        return value.getClass().isArray() ? ArrayText.of(value) : value.toString();
    }

    private static String number(double value) {
        boolean plain = value == 0 || Math.abs(value) >= 1e-6 && Math.abs(value) < 1e7;
        return plain
                ? new DecimalFormat("0.#########", DecimalFormatSymbols.getInstance(Locale.ROOT)).format(value)
                : String.valueOf(value);
    }
}
