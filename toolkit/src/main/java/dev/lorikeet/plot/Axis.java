package dev.lorikeet.plot;

import dev.lorikeet.base.BadArgumentException;
import java.util.List;

/**
 * One axis of a {@link Chart}.
 *
 * @param title what is measured, without its unit
 * @param unit shown after the title and after values, such as "MB" or "%"; may be empty
 * @param low first value shown, NaN to take it from the data
 * @param high last value shown, NaN to take it from the data
 * @param scale linear or logarithmic; a logarithmic axis leaves out values that are not positive
 * @param categories the names at 0, 1, 2 …; empty for an axis of numbers
 */
public record Axis(String title, String unit, double low, double high, Scale scale, List<String> categories) {

    /** The scale of an axis. */
    public enum Scale {
        LINEAR,
        /** Logarithmic, with ticks at powers of ten. */
        DECADES,
        /** Logarithmic, with ticks at powers of two, such as for ranks. */
        DOUBLINGS
    }

    /** Half a category on either side. */
    private static final double MARGIN = 0.5;

    public Axis {
        categories = List.copyOf(categories);
        BadArgumentException.unless(
                Double.isNaN(low) == Double.isNaN(high) && !(low >= high) && !Double.isInfinite(high - low),
                "range of the axis \"" + title + "\"",
                low + " to " + high,
                "a first value below the last one, or NaN for both");
        BadArgumentException.unless(
                scale == Scale.LINEAR || !(low <= 0),
                "first value of the logarithmic axis \"" + title + "\"",
                low,
                "a positive number");
    }

    /** A linear axis whose range is taken from the data. */
    public static Axis of(String title) {
        return new Axis(title, "", Double.NaN, Double.NaN, Scale.LINEAR, List.of());
    }

    public Axis unit(String unit) {
        return new Axis(title, unit, low, high, scale, categories);
    }

    public Axis range(double low, double high) {
        return new Axis(title, unit, low, high, scale, categories);
    }

    public Axis logarithmic() {
        return new Axis(title, unit, low, high, Scale.DECADES, categories);
    }

    /** Makes the axis logarithmic with ticks at 1, 2, 4, 8 … */
    public Axis doublings() {
        return new Axis(title, unit, low, high, Scale.DOUBLINGS, categories);
    }

    /** Makes an axis of names, at 0, 1, 2 … */
    public Axis categories(List<String> names) {
        BadArgumentException.unless(
                !names.isEmpty(), "categories of the axis \"" + title + "\"", names, "at least one");
        return new Axis(title, unit, -MARGIN, names.size() - 1 + MARGIN, Scale.LINEAR, names);
    }

    boolean log() {
        return scale != Scale.LINEAR;
    }

    boolean hasRange() {
        return !Double.isNaN(low);
    }

    String label() {
        return unit.isEmpty() ? title : title + " (" + unit + ")";
    }

    /** Whether {@code value} can be drawn on this axis. */
    boolean shows(double value) {
        return Double.isFinite(value) && (!log() || value > 0);
    }
}
