package dev.lorikeet.memory;

import dev.lorikeet.base.HtmlTable;
import dev.lorikeet.base.Renderable;
import java.util.Locale;

/**
 * What a training run will need, worked out before it begins.
 *
 * @param parts of the need
 * @param limitGiB what the process may take in all: what it has and what is free
 */
public record MemoryEstimate(MemoryParts parts, double limitGiB) implements Renderable {

    /** All that is needed, in GiB. */
    public double totalGiB() {
        return parts.sum();
    }

    /** Whether the machine has as much. */
    public boolean fits() {
        return totalGiB() <= limitGiB;
    }

    private String verdict() {
        return String.format(
                Locale.ROOT,
                "about %.2f GiB needed, %.2f GiB there: it %s",
                totalGiB(),
                limitGiB,
                fits() ? "fits" : "does not fit");
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("Memory estimate");
        parts.list()
                .forEach(part -> text.append(String.format(Locale.ROOT, "%n%-16s %7.3f GiB", part.name(), part.gib())));
        return text.append(String.format("%n%s", verdict())).toString();
    }

    @Override
    public String html() {
        HtmlTable table = HtmlTable.of("Part", "GiB");
        parts.list().forEach(part -> table.row(part.name(), String.format(Locale.ROOT, "%.3f", part.gib())));
        return table.total("together", String.format(Locale.ROOT, "%.3f", totalGiB()))
                .title("Memory estimate")
                .caption(verdict())
                .html();
    }
}
