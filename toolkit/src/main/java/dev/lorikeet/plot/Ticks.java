package dev.lorikeet.plot;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.stream.LongStream;

/** Ticks at round numbers: multiples of 1, 2 or 5 times a power of ten. */
final class Ticks {

    private static final double[] DIGITS = {1, 2, 5, 10};

    private Ticks() {}

    /** The smallest round step that divides {@code range} into at most {@code most} parts. */
    static double step(double range, int most) {
        double power = Math.pow(10, Math.floor(Math.log10(range / most)));
        for (double digit : DIGITS) {
            if (range / (digit * power) <= most * (1 + 1e-9)) {
                return clean(digit * power);
            }
        }
        return clean(10 * power);
    }

    /** The step of an axis: a whole number where the axis holds several, since those are mostly counts. */
    static double step(double low, double high, int most) {
        double step = step(high - low, most);
        return high - low >= 2 ? Math.max(1, step) : step;
    }

    /** The multiples of a round step from {@code low} to {@code high}. */
    static double[] between(double low, double high, int most) {
        double step = step(low, high, most);
        long first = (long) Math.ceil(low / step - 1e-9);
        long last = (long) Math.floor(high / step + 1e-9);
        return LongStream.rangeClosed(first, last)
                .mapToDouble(i -> clean(i * step))
                .toArray();
    }

    /** Removes what binary fractions add, as in 0.30000000000000004. */
    static double clean(double value) {
        return Double.isFinite(value)
                ? new BigDecimal(value).round(new MathContext(12)).doubleValue()
                : value;
    }
}
