package dev.lorikeet.train;

import dev.lorikeet.base.HtmlTable;
import dev.lorikeet.base.Renderable;
import dev.lorikeet.memory.Measured;
import java.util.List;
import java.util.Locale;

/**
 * Of what a training run's memory was made. Each part was measured for itself: weights, gradients and optimizer state by the
 * arrays that were there, activations by how far a step rose above what was in use before it, the runtime by the pages of
 * libraries and what Java was given. All in GiB (2³⁰ bytes).
 *
 * @param name of the run
 * @param measured where and how
 * @param frozenWeights weights that training leaves alone
 * @param trainedWeights weights that it changes
 * @param gradients of those
 * @param optimizerState two numbers for each of those
 * @param activations what the largest step held for its backward pass, and all other arrays that come and go within a step
 * @param runtime the engine's libraries and Java
 * @param peak the most that was in use during the run
 */
public record MemoryBreakdown(
        String name,
        Measured measured,
        double frozenWeights,
        double trainedWeights,
        double gradients,
        double optimizerState,
        double activations,
        double runtime,
        double peak)
        implements Renderable {

    /** One of the parts. */
    public record Part(String name, double gib) {}

    /** All parts, from what stays to what comes and goes. */
    public List<Part> parts() {
        return List.of(
                new Part("runtime", runtime),
                new Part("frozen weights", frozenWeights),
                new Part("trained weights", trainedWeights),
                new Part("gradients", gradients),
                new Part("optimizer state", optimizerState),
                new Part("activations", activations));
    }

    /** All parts together. */
    public double sum() {
        return parts().stream().mapToDouble(Part::gib).sum();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(title());
        parts().forEach(part -> text.append(String.format(Locale.ROOT, "%n%-16s %7.3f GiB", part.name(), part.gib())));
        return text.append(String.format(Locale.ROOT, "%n%-16s %7.3f GiB", "together", sum()))
                .append(String.format(Locale.ROOT, "%n%-16s %7.3f GiB", "measured peak", peak))
                .toString();
    }

    @Override
    public String html() {
        HtmlTable table = HtmlTable.of("Part", "GiB", "Share of the peak");
        parts().forEach(part -> table.row(part.name(), gib(part.gib()), share(part.gib())));
        return table.total("together", gib(sum()), share(sum()))
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
