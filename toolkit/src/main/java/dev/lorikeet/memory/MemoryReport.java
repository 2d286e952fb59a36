package dev.lorikeet.memory;

import dev.lorikeet.base.HtmlTable;
import dev.lorikeet.base.Renderable;
import dev.lorikeet.base.Tables;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * The samples that a {@link MemoryListener} took of one training run.
 *
 * @param name the run's name
 * @param baselines the memory in use when it began, one sample a place
 * @param samples in order of time, each time one a place
 */
public record MemoryReport(String name, List<MemorySample> baselines, List<MemorySample> samples)
        implements Renderable {

    public MemoryReport {
        baselines = List.copyOf(baselines);
        samples = List.copyOf(samples);
    }

    /** What was measured, one entry a device. */
    public List<Measured> measured() {
        return baselines.stream().map(MemorySample::measured).toList();
    }

    /** The peak of the whole run in GiB, all devices together. */
    public double peakGiB() {
        return measured().stream().mapToDouble(this::peakGiB).sum();
    }

    /** The peak of the whole run on one device, in GiB. */
    public double peakGiB(Measured measured) {
        return samples.stream()
                .filter(sample -> sample.measured().equals(measured))
                .mapToDouble(MemorySample::peakGiB)
                .max()
                .orElse(0);
    }

    /** How much less memory this run took than another, in percent of the other; negative if it took more. */
    public double percentLessThan(MemoryReport other) {
        return 100 * (1 - peakGiB() / other.peakGiB());
    }

    /** The samples as a table: label, what was measured, peak in GiB. */
    public Table table() {
        return Tables.create(
                "Peak memory of " + name,
                StringColumn.create(
                        "moment", samples.stream().map(MemorySample::label).toList()),
                StringColumn.create(
                        "measured",
                        samples.stream()
                                .map(sample -> sample.measured().toString())
                                .toList()),
                DoubleColumn.create(
                        "peak GiB",
                        samples.stream().mapToDouble(MemorySample::peakGiB).toArray()));
    }

    @Override
    public String toString() {
        return samples.stream()
                .map(sample -> String.format(
                        Locale.ROOT,
                        "%-16s %.3f GiB%s",
                        sample.label(),
                        sample.peakGiB(),
                        baselines.size() > 1 ? " " + sample.measured().where() : ""))
                .collect(Collectors.joining("\n", head() + "\n", ""));
    }

    private String head() {
        String places = measured().stream().map(Measured::toString).collect(Collectors.joining("; "));
        return String.format(
                Locale.ROOT,
                "Peak memory of %s: %.3f GiB (%s); %.3f GiB before it began",
                name,
                peakGiB(),
                places,
                baselines.stream().mapToDouble(MemorySample::peakGiB).sum());
    }

    @Override
    public String html() {
        boolean several = baselines.size() > 1;
        HtmlTable table = several ? HtmlTable.of("Moment", "Where", "Peak, GiB") : HtmlTable.of("Moment", "Peak, GiB");
        for (MemorySample sample : samples) {
            String peak = String.format(Locale.ROOT, "%.3f", sample.peakGiB());
            if (several) {
                table.row(sample.label(), sample.measured().where(), peak);
            } else {
                table.row(sample.label(), peak);
            }
        }
        return table.title(head()).html();
    }
}
