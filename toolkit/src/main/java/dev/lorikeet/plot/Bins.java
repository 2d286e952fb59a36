package dev.lorikeet.plot;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Equal bins of a histogram, whose edges are multiples of a round width.
 *
 * @param width 1, 2 or 5 times a power of ten
 * @param first the lower edge of the first bin in widths
 * @param whole whether all values are whole numbers, so that a bin ends below the next one's first number
 * @param counts values in each bin; a value on an edge belongs to the bin above
 */
record Bins(double width, long first, boolean whole, double[] counts) {

    /** The number of bins where nothing else is asked for. */
    static final int MOST = 40;

    /** Counts values in at most {@code most} bins; leaves out values that are not finite. */
    static Bins of(double[] values, int most) {
        double[] finite = Arrays.stream(values).filter(Double::isFinite).toArray();
        double low = Arrays.stream(finite).min().orElse(0);
        double high = Arrays.stream(finite).max().orElse(0);
        boolean whole = Arrays.stream(finite).allMatch(value -> value == Math.rint(value));
        double range = high > low ? high - low : Math.max(1, Math.abs(high));
        double width = Ticks.step(range, Math.max(1, most - 1));
        width = whole ? Math.max(1, width) : width;
        long first = (long) Math.floor(low / width);
        double[] counts = new double[(int) ((long) Math.floor(high / width) - first) + 1];
        for (double value : finite) {
            counts[(int) ((long) Math.floor(value / width) - first)]++;
        }
        return new Bins(width, first, whole, counts);
    }

    /** Bars, each labelled with the values that it stands for. */
    Series series(String name) {
        double[] middles = IntStream.range(0, counts.length)
                .mapToDouble(bin -> Ticks.clean((first + bin) * width + (whole ? width - 1 : width) / 2))
                .toArray();
        List<String> labels =
                IntStream.range(0, counts.length).mapToObj(this::label).toList();
        return Series.bars(name, middles, counts).labels(labels);
    }

    private String label(int bin) {
        double from = (first + bin) * width;
        double to = whole ? from + width - 1 : from + width;
        return from == to ? number(from) : number(from) + " to " + number(to);
    }

    private static String number(double value) {
        return Look.number().format(Ticks.clean(value));
    }
}
