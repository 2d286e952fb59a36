package dev.lorikeet.base;

import java.util.Locale;

/** The one way in which times, sizes, shares, losses and speeds are written, in printed lines, tables, charts and bars. */
public final class Quantities {

    private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB"};
    private static final int STEP = 1024;

    private Quantities() {}

    /** Formats a count with its thousands separated, such as 12,345. */
    public static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** Formats a count with what it counts, such as 1 row and 5,574 rows. */
    public static String counted(long count, String one) {
        return count(count) + " " + one + (count == 1 ? "" : "s");
    }

    /** Formats a duration as 4.2 s, 2:05 min or 1:02:05 h. */
    public static String time(double seconds) {
        if (seconds < 59.95) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        long whole = Math.round(seconds);
        return whole < 3600
                ? String.format(Locale.ROOT, "%d:%02d min", whole / 60, whole % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d h", whole / 3600, whole / 60 % 60, whole % 60);
    }

    /** Formats a size in units of 1,024, such as 512 B, 9.0 KiB, 474.7 MiB or 1.5 GiB. */
    public static String bytes(double bytes) {
        return bytes(bytes, 1);
    }

    /** Formats a size as {@link #bytes(double)} does, with so many decimals. */
    public static String bytes(double bytes, int decimals) {
        if (bytes < STEP) {
            return String.format(Locale.ROOT, "%.0f B", bytes);
        }
        double amount = bytes / STEP;
        int unit = 0;
        // What would be rounded to 1,024.0 is one of the next unit.
        while (amount >= STEP - 0.5 / Math.pow(10, decimals) && unit < UNITS.length - 1) {
            amount /= STEP;
            unit++;
        }
        return String.format(Locale.ROOT, "%." + decimals + "f %s", amount, UNITS[unit]);
    }

    /** Formats a size in GiB, such as 1.50 GiB. */
    public static String gib(double gib) {
        return String.format(Locale.ROOT, "%.2f GiB", gib);
    }

    /** Formats a share between 0 and 1, such as 97.32 %. */
    public static String percent(double share) {
        return Double.isNaN(share) ? "–" : String.format(Locale.ROOT, "%.2f %%", 100 * share);
    }

    /** Formats a loss, such as 0.412. */
    public static String loss(double loss) {
        return String.format(Locale.ROOT, "%.3f", loss);
    }

    /** Formats a learning rate as it is written in code, such as 2e-4. */
    public static String learningRate(double rate) {
        if (rate == 0) {
            return "0";
        }
        String[] parts = String.format(Locale.ROOT, "%.3e", rate).split("e");
        String digits = parts[0].replaceAll("\\.?0+$", "");
        return digits + "e" + Integer.parseInt(parts[1]);
    }

    /** Formats a speed in tokens, such as 8.4 tokens/s or 1,234 tokens/s. */
    public static String tokensPerSecond(double tokens) {
        return String.format(Locale.ROOT, tokens < 99.95 ? "%.1f tokens/s" : "%,.0f tokens/s", tokens);
    }
}
