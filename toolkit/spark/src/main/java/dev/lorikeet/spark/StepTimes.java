package dev.lorikeet.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How long the updates of a run took, and their computation alone. Threads may read while another one adds. */
final class StepTimes {

    private final List<Double> steps = new ArrayList<>();
    private final List<Double> computing = new ArrayList<>();

    /**
     * Adds an update.
     *
     * @param busiest seconds that the busiest executor computed
     */
    synchronized void add(double seconds, double busiest) {
        steps.add(seconds);
        computing.add(busiest);
    }

    synchronized int count() {
        return steps.size();
    }

    /** The median of the seconds that an update takes beside the computation of its busiest executor. */
    synchronized double overhead() {
        List<Double> beside = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            beside.add(steps.get(i) - computing.get(i));
        }
        return median(beside);
    }

    private static double median(List<Double> values) {
        return values.isEmpty() ? 0 : values.stream().sorted().toList().get(values.size() / 2);
    }

    @Override
    public synchronized String toString() {
        return String.format(
                Locale.ROOT,
                "%d updates, %.2f s each (median), %.2f s of it in Spark and the network",
                count(),
                median(steps),
                overhead());
    }
}
