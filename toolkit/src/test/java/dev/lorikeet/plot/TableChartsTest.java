package dev.lorikeet.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.UnknownNameException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class TableChartsTest {

    private final Table table = Table.create(
            "texts",
            StringColumn.create("label", "ham", "spam", "ham", "ham", ""),
            IntColumn.create("length", 3, 120, 8, 5, 4),
            DoubleColumn.create("loss", 0.5, 0.1, Double.NaN, 0.3, 0.2));

    @Test
    void aHistogramCountsInRoundBins() {
        Chart chart = Plots.histogram(table, "length");
        Series bars = chart.series().get(0);

        assertEquals("Length (mean 28, largest 120)", chart.title());
        assertEquals("0 to 4", bars.labels().get(0));
        assertEquals(List.of(2.0, 2.0, 0.0), bars.y().subList(0, 3));
        assertEquals(1.0, bars.y().get(24));
        assertEquals(5, bars.y().stream().mapToDouble(count -> count).sum());
        assertEquals(
                4,
                Plots.histogram(table, "loss").series().get(0).y().stream()
                        .mapToDouble(count -> count)
                        .sum());
    }

    @Test
    void binsHoldEveryValueWhateverTheRange() {
        for (double[] values : List.of(
                new double[] {0.5, 0.5},
                new double[] {-3, -1, 2},
                new double[] {1e-9, 2e-9, 3e-9},
                new double[] {-1e12, 1e12},
                new double[] {0.1, 0.2, 0.30000000000000004},
                new double[] {7})) {
            Bins bins = Bins.of(values, 10);
            assertEquals(values.length, Arrays.stream(bins.counts()).sum(), Arrays.toString(values));
            assertTrue(bins.counts().length <= 11, bins.counts().length + " for " + Arrays.toString(values));
        }
    }

    @Test
    void countsAreSortedAndTheirNumberIsLimited() {
        Chart chart = Plots.counts(table, "label");
        assertEquals(List.of("ham", "spam", "(missing)"), chart.x().categories());
        assertEquals(List.of(3.0, 1.0, 1.0), chart.series().get(0).y());

        Table many = Table.create(
                "many",
                IntColumn.create(
                        "n", IntStream.range(0, 100).map(i -> Math.min(i, 50)).toArray()));
        Chart cut = Plots.counts(many, "n");
        assertEquals(30, cut.x().categories().size());
        assertEquals("50", cut.x().categories().get(0));
        assertEquals("22 others", cut.x().categories().get(29));
        assertEquals(
                100,
                cut.series().get(0).y().stream().mapToDouble(count -> count).sum());

        Table flat = Table.create(
                "flat",
                IntColumn.create("n", IntStream.range(0, 770).map(i -> i % 77).toArray()));
        Chart without = Plots.counts(flat, "n");
        assertEquals(29, without.x().categories().size());
        assertEquals("Rows by n: 29 of 77 values, 480 rows have others", without.title());
    }

    @Test
    void pointsAndLinesTakeColumns() {
        Chart points = Plots.scatter(table, "length", "loss", "label");
        assertEquals(
                List.of("ham", "spam", ""),
                points.series().stream().map(Series::name).toList());
        assertEquals(List.of(3.0, 8.0, 5.0), points.series().get(0).x());
        assertEquals(1, Plots.scatter(table, "length", "loss").series().size());

        Chart lines = Plots.lines(table, "length", "loss", "length");
        assertEquals(List.of(3.0, 4.0, 5.0, 8.0, 120.0), lines.series().get(0).x());
        assertEquals("[0.5, 0.2, 0.3, NaN, 0.1]", lines.series().get(0).y().toString());
        assertEquals("Loss, length over length", lines.title());
    }

    @Test
    void aWrongColumnIsRefusedWithTheNearestOne() {
        String message = assertThrows(UnknownNameException.class, () -> Plots.histogram(table, "lenght"))
                .getMessage();
        assertTrue(message.contains("\"length\""), message);
        assertThrows(UnknownNameException.class, () -> Plots.counts(table, "labels"));
        assertThrows(UnknownNameException.class, () -> Plots.scatter(table, "length", "los"));
        assertThrows(UnknownNameException.class, () -> Plots.lines(table, "step", "loss"));
        String text = assertThrows(BadArgumentException.class, () -> Plots.histogram(table, "label"))
                .getMessage();
        assertTrue(text.contains("numbers") && text.contains("Plots.counts"), text);
        assertThrows(BadArgumentException.class, () -> Plots.lines(table, "length"));
        assertThrows(BadArgumentException.class, () -> Plots.counts(table.emptyCopy(), "label"));
        assertThrows(BadArgumentException.class, () -> Plots.histogram(table.emptyCopy(), "loss"));
    }
}
