package dev.lorikeet.memory;

import dev.lorikeet.base.HtmlTable;
import dev.lorikeet.base.Quantities;
import dev.lorikeet.base.Renderable;
import java.util.Locale;

/**
 * The memory that a training run will need, estimated before it begins.
 *
 * @param parts what the need is made of
 * @param limitGiB what the process can take in all: what it holds and what is free
 */
public record MemoryEstimate(MemoryParts parts, double limitGiB) implements Renderable {

    /** The sum of all parts, in GiB. */
    public double totalGiB() {
        return parts.sum();
    }

    /** Whether the machine has that much memory. */
    public boolean fits() {
        return totalGiB() <= limitGiB;
    }

    /** Says in a line how much is needed and whether it fits. */
    public String verdict() {
        return "about %s needed, %s available: it %s"
                .formatted(Quantities.gib(totalGiB()), Quantities.gib(limitGiB), fits() ? "fits" : "does not fit");
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
        return table.total("total", String.format(Locale.ROOT, "%.3f", totalGiB()))
                .title("Memory estimate")
                .caption(verdict())
                .html();
    }
}
