package dev.lorikeet.bench;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.train.History;
import dev.lorikeet.train.TrainingRun;
import java.util.List;
import java.util.stream.IntStream;

/** How long the steps of a run took. */
final class StepSeconds {

    /** Steps that are left out, as the peers leave them out too. */
    static final int WARM_UP = 3;

    private StepSeconds() {}

    /** The median of the seconds a step, warm-up left out. */
    static double median(TrainingRun run) {
        BadArgumentException.unless(
                run.steps() > WARM_UP, "steps", run.steps(), "more than the " + WARM_UP + " steps of warm-up");
        List<History.Step> steps = run.history().steps();
        double[] seconds = IntStream.range(WARM_UP, steps.size())
                .mapToDouble(i -> steps.get(i).seconds() - steps.get(i - 1).seconds())
                .sorted()
                .toArray();
        int half = seconds.length / 2;
        return seconds.length % 2 == 1 ? seconds[half] : (seconds[half - 1] + seconds[half]) / 2;
    }
}
