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

/**
 * A logarithmic axis with ticks at powers of two, or at 1, 2 and 5 of each decade, or at powers of ten if there are many
 * decades.
 */
final class PowersAxis extends LogAxis {

    private static final int MANY_DECADES = 3;

    private final int base;

    PowersAxis(Axis axis) {
        super(axis.label());
        this.base = axis.scale() == Axis.Scale.DOUBLINGS ? 2 : 10;
    }

    @Override
    public List<NumberTick> refreshTicks(Graphics2D graphics, AxisState state, Rectangle2D area, RectangleEdge edge) {
        double low = getRange().getLowerBound();
        double high = getRange().getUpperBound();
        int[] digits = base == 2 || Math.log10(high / low) > MANY_DECADES ? new int[] {1} : new int[] {1, 2, 5};
        TextAnchor anchor = RectangleEdge.isTopOrBottom(edge)
                ? (RectangleEdge.TOP.equals(edge) ? TextAnchor.BOTTOM_CENTER : TextAnchor.TOP_CENTER)
                : (RectangleEdge.LEFT.equals(edge) ? TextAnchor.CENTER_RIGHT : TextAnchor.CENTER_LEFT);
        NumberFormat format = Look.number();
        List<NumberTick> ticks = new ArrayList<>();
        int first = (int) Math.floor(Math.log(low) / Math.log(base));
        for (int power = first; Math.pow(base, power) <= high; power++) {
            for (int digit : digits) {
                double value = digit * Math.pow(base, power);
                if (value >= low && value <= high) {
                    ticks.add(new NumberTick(value, format.format(value), anchor, TextAnchor.CENTER, 0));
                }
            }
        }
        return ticks;
    }
}
