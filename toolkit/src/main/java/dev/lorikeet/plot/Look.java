package dev.lorikeet.plot;

import java.awt.Color;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.text.NumberFormat;
import java.util.Locale;

/**
 * Sizes and colours of both drawings. Colours are Okabe and Ito's ("Color Universal Design", 2008), the light ones darkened to a
 * contrast of at least 3 on white and on JupyterLab's dark ground. A drawing has a white ground of its own in every theme: no
 * colour of text has a contrast of 4.5 on both #fff and #111, the best grey has 4.35.
 */
final class Look {

    static final int WIDTH = 720;
    static final int HEIGHT = 420;
    static final int TITLE_SIZE = 16;
    static final int TEXT_SIZE = 13;
    static final int TICK_SIZE = 12;
    static final float LINE_WIDTH = 2f;
    static final int MARKER_SIZE = 7;
    static final float DOT_SIZE = 4;

    /** Parts into which ticks divide an axis at most. */
    static final int TICKS = 6;

    static final Color GROUND = Color.WHITE;
    static final Color TEXT = new Color(0x404040);
    static final Color FAINT = new Color(128, 128, 128, 112);
    static final Color GRID = new Color(128, 128, 128, 64);

    private static final Color COLD = new Color(0xE6F0F7);
    private static final Color HOT = new Color(0x00578A);

    private static final Color[] COLOURS = {
        new Color(0x0072B2),
        new Color(0xD55E00),
        new Color(0x009E73),
        new Color(0xC06C9B),
        new Color(0xB87F00),
        new Color(0x3B8FC4),
        new Color(0x808080)
    };
    static final int COLOUR_COUNT = COLOURS.length;

    private static final Series.Dash[] DASHES = {
        Series.Dash.SOLID, Series.Dash.DASHED, Series.Dash.DOTTED, Series.Dash.DASH_DOT
    };

    private Look() {}

    /** Formats numbers as 12,000 and 0.05 in every locale. */
    static NumberFormat number() {
        return new DecimalFormat("#,##0.########", DecimalFormatSymbols.getInstance(Locale.ROOT));
    }

    /** Rounds to three decimals. */
    static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }

    static Color colour(int series) {
        return COLOURS[series % COLOURS.length];
    }

    static Color colour(Series series, int index) {
        return series.faint() ? FAINT : colour(index);
    }

    /** A cell's colour, from almost white for 0 to dark blue for 1; opaque, so that it is the same in every theme. */
    static Color heat(double share) {
        double part = Math.max(0, Math.min(1, share));
        return new Color(
                mixed(COLD.getRed(), HOT.getRed(), part),
                mixed(COLD.getGreen(), HOT.getGreen(), part),
                mixed(COLD.getBlue(), HOT.getBlue(), part));
    }

    private static int mixed(int from, int to, double part) {
        return (int) Math.round(from + part * (to - from));
    }

    /** Black or white, whichever is easier to read on {@code background}. */
    static Color textOn(Color background) {
        // Where black and white have the same contrast by WCAG's relative luminance.
        return luminance(background) > 0.179 ? Color.BLACK : Color.WHITE;
    }

    /** The contrast of two opaque colours by WCAG 2, from 1 to 21. */
    static double contrast(Color one, Color other) {
        double a = luminance(one) + 0.05;
        double b = luminance(other) + 0.05;
        return Math.max(a, b) / Math.min(a, b);
    }

    private static double luminance(Color colour) {
        return 0.2126 * linear(colour.getRed())
                + 0.7152 * linear(colour.getGreen())
                + 0.0722 * linear(colour.getBlue());
    }

    private static double linear(int channel) {
        double value = channel / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
    }

    static Series.Dash dash(Series series, int index) {
        return series.dash() == Series.Dash.AUTO ? DASHES[index % DASHES.length] : series.dash();
    }
}
