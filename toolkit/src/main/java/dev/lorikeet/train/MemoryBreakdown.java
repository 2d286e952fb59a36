package dev.lorikeet.train;

import dev.lorikeet.base.HtmlTable;
import dev.lorikeet.base.Renderable;
import dev.lorikeet.memory.Measured;
import dev.lorikeet.memory.MemoryParts;
import java.util.Locale;

/**
 * Of what a training run's memory was made. Each part was measured for itself: weights, gradients and optimizer state by the
 * arrays that were there, activations by how far a step rose above what was in use before it, the runtime by the pages of
 * libraries and what Java was given.
 *
 * @param name of the run
 * @param measured where and how
 * @param parts each measured for itself
 * @param peak the most that was in use during the run, in GiB (2³⁰ bytes)
 */
public record MemoryBreakdown(String name, Measured measured, MemoryParts parts, double peak) implements Renderable {

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(title());
        parts.list().forEach(part -> text.append(line(part.name(), part.gib())));
        return text.append(line("together", parts.sum()))
                .append(line("measured peak", peak))
                .toString();
    }

    private static String line(String name, double gib) {
        return String.format(Locale.ROOT, "%n%-16s %7.3f GiB", name, gib);
    }

    @Override
    public String html() {
        HtmlTable table = HtmlTable.of("Part", "GiB", "Share of the peak");
        parts.list().forEach(part -> table.row(part.name(), gib(part.gib()), share(part.gib())));
        return table.total("together", gib(parts.sum()), share(parts.sum()))
                .row("measured peak", gib(peak), "")
                .title(title())
                .html();
    }

    private String title() {
        return "Memory of " + name + " (" + measured + ")";
    }

    private static String gib(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    private String share(double gib) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * gib / peak);
    }
}
