package dev.lorikeet.plot;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.text.NumberFormat;
import java.util.ArrayList;
import java.util.List;
import org.jfree.chart.axis.AxisState;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberTick;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.TextAnchor;

/** A logarithmic axis with ticks at 1, 2 and 5 of each decade, or at the decades alone where there are many. */
final class DecadesAxis extends LogAxis {

    private static final int MANY = 3;

    DecadesAxis(String label) {
        super(label);
    }

    @Override
    public List<NumberTick> refreshTicks(Graphics2D graphics, AxisState state, Rectangle2D area, RectangleEdge edge) {
        double low = getRange().getLowerBound();
        double high = getRange().getUpperBound();
        int[] digits = Math.log10(high / low) > MANY ? new int[] {1} : new int[] {1, 2, 5};
        TextAnchor anchor = RectangleEdge.isTopOrBottom(edge)
                ? (RectangleEdge.TOP.equals(edge) ? TextAnchor.BOTTOM_CENTER : TextAnchor.TOP_CENTER)
                : (RectangleEdge.LEFT.equals(edge) ? TextAnchor.CENTER_RIGHT : TextAnchor.CENTER_LEFT);
        NumberFormat format = Look.number();
        List<NumberTick> ticks = new ArrayList<>();
        for (int decade = (int) Math.floor(Math.log10(low)); Math.pow(10, decade) <= high; decade++) {
            for (int digit : digits) {
                double value = digit * Math.pow(10, decade);
                if (value >= low && value <= high) {
                    ticks.add(new NumberTick(value, format.format(value), anchor, TextAnchor.CENTER, 0));
                }
            }
        }
        return ticks;
    }
}
