package dev.lorikeet.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * An axis laid along a line of a drawing.
 *
 * @param low the value at {@code from}
 * @param high the value at {@code to}
 * @param from where the line starts, in units of the drawing
 * @param to where the line ends
 */
record AxisLine(Axis axis, double low, double high, double from, double to) {

    /** The share of the data's range that is added on either side. */
    private static final double MARGIN = 0.04;

    private static final int MANY_DECADES = 3;

    /** A line that shows all {@code values}, or the range of the axis if it has one. */
    static AxisLine over(Axis axis, DoubleStream values, double from, double to) {
        if (axis.hasRange()) {
            return new AxisLine(axis, axis.low(), axis.high(), from, to);
        }
        double[] shown = values.filter(axis::shows).toArray();
        double low = DoubleStream.of(shown).min().orElse(axis.log() ? 1 : 0);
        double high = DoubleStream.of(shown).max().orElse(axis.log() ? 10 : 1);
        if (axis.log()) {
            double factor = low == high ? 2 : Math.pow(high / low, MARGIN);
            return new AxisLine(axis, low / factor, high * factor, from, to);
        }
        double margin = low == high ? Math.max(Math.abs(low) / 2, 0.5) : MARGIN * (high - low);
        return new AxisLine(axis, low == 0 ? 0 : low - margin, high + margin, from, to);
    }

    /** Where {@code value} is on the line. */
    double at(double value) {
        double share = axis.log() ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
        return from + share * (to - from);
    }

    /** Whether {@code value} lies on the line. */
    boolean holds(double value) {
        return axis.shows(value) && value >= low && value <= high;
    }

    /** Round values that divide the line into at most {@code most} parts; names at 0, 1, 2 … on an axis of names. */
    List<Double> ticks(int most) {
        if (!axis.categories().isEmpty()) {
            return DoubleStream.iterate(0, i -> i < axis.categories().size(), i -> i + 1)
                    .boxed()
                    .toList();
        }
        return axis.log()
                ? powers()
                : DoubleStream.of(Ticks.between(low, high, most)).boxed().toList();
    }

    String text(double tick) {
        return axis.categories().isEmpty()
                ? Look.number().format(tick)
                : axis.categories().get((int) tick);
    }

    /** The powers of the base on the line; of ten with 2 and 5 between if there are few decades. */
    List<Double> powers() {
        int base = axis.scale() == Axis.Scale.DOUBLINGS ? 2 : 10;
        double[] digits =
                base == 2 || Math.log10(high / low) > MANY_DECADES ? new double[] {1} : new double[] {1, 2, 5};
        List<Double> ticks = new ArrayList<>();
        for (int power = (int) Math.floor(Math.log(low) / Math.log(base)); Math.pow(base, power) <= high; power++) {
            double unit = Math.pow(base, power);
            DoubleStream.of(digits)
                    .map(digit -> digit * unit)
                    .filter(this::holds)
                    .forEach(ticks::add);
        }
        return ticks;
    }
}
