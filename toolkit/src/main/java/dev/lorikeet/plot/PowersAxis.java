package dev.lorikeet.plot;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
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

    private final Axis axis;

    PowersAxis(Axis axis) {
        super(axis.label());
        this.axis = axis;
    }

    @Override
    public List<NumberTick> refreshTicks(Graphics2D graphics, AxisState state, Rectangle2D area, RectangleEdge edge) {
        TextAnchor anchor = RectangleEdge.isTopOrBottom(edge)
                ? (RectangleEdge.TOP.equals(edge) ? TextAnchor.BOTTOM_CENTER : TextAnchor.TOP_CENTER)
                : (RectangleEdge.LEFT.equals(edge) ? TextAnchor.CENTER_RIGHT : TextAnchor.CENTER_LEFT);
        AxisLine scale =
                new AxisLine(axis, getRange().getLowerBound(), getRange().getUpperBound(), 0, 1);
        return scale.powers().stream()
                .map(value -> new NumberTick(value, scale.text(value), anchor, TextAnchor.CENTER, 0))
                .toList();
    }
}
