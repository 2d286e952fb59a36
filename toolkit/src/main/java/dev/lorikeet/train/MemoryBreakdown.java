package dev.lorikeet.train;

import dev.lorikeet.base.HtmlTable;
import dev.lorikeet.base.Quantities;
import dev.lorikeet.base.Renderable;
import dev.lorikeet.memory.Measured;
import dev.lorikeet.memory.MemoryParts;
import java.io.Serializable;
import java.util.Locale;

/**
 * The memory of a training run by parts. Each part is measured separately: weights, gradients and optimizer state from the
 * sizes of their arrays, activations as the rise of memory during a step, the runtime from the pages of libraries and the
 * Java heap.
 *
 * @param name name of the run
 * @param measured where and how memory was measured
 * @param parts memory of each part
 * @param peak peak memory of the run in GiB (2³⁰ bytes)
 */
public record MemoryBreakdown(String name, Measured measured, MemoryParts parts, double peak)
        implements Renderable, Serializable {

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(title());
        parts.list().forEach(part -> text.append(line(part.name(), part.gib())));
        return text.append(line("total", parts.sum()))
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
        return table.total("total", gib(parts.sum()), share(parts.sum()))
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
        return Quantities.percent(gib / peak);
    }
}
