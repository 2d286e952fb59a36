package dev.lorikeet.plot;

import dev.lorikeet.base.BadArgumentException;

/**
 * One axis of a {@link Chart}.
 *
 * @param title what is measured, without its unit
 * @param unit shown after the title and after values, such as "MB" or "%"; may be empty
 * @param low first value shown, NaN to take it from the data
 * @param high last value shown, NaN to take it from the data
 * @param log logarithmic (base 10); values that are not positive are then left out
 */
public record Axis(String title, String unit, double low, double high, boolean log) {

    public Axis {
        BadArgumentException.unless(
                Double.isNaN(low) == Double.isNaN(high) && !(low >= high) && !Double.isInfinite(high - low),
                "range of the axis \"" + title + "\"",
                low + " to " + high,
                "a first value below the last one, or NaN for both");
        BadArgumentException.unless(
                !log || !(low <= 0), "first value of the logarithmic axis \"" + title + "\"", low, "a positive number");
    }

    /** A linear axis whose range is taken from the data. */
    public static Axis of(String title) {
        return new Axis(title, "", Double.NaN, Double.NaN, false);
    }

    public Axis unit(String unit) {
        return new Axis(title, unit, low, high, log);
    }

    public Axis range(double low, double high) {
        return new Axis(title, unit, low, high, log);
    }

    public Axis logarithmic() {
        return new Axis(title, unit, low, high, true);
    }

    boolean hasRange() {
        return !Double.isNaN(low);
    }

    String label() {
        return unit.isEmpty() ? title : title + " (" + unit + ")";
    }

    /** Whether {@code value} can be drawn on this axis. */
    boolean shows(double value) {
        return Double.isFinite(value) && (!log || value > 0);
    }
}
