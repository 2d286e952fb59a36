package dev.lorikeet.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.lorikeet.base.BadArgumentException;
import org.junit.jupiter.api.Test;

/** Rates against those that transformers' schedules of the same names gave for a peak of 2e-4. */
class ScheduleTest {

    private static final double PEAK = 2e-4;

    private static void assertRates(Schedule schedule, double... expected) {
        Tracker tracker = schedule.tracker(PEAK, 10);
        for (int update = 0; update < expected.length; update++) {
            assertEquals(expected[update], tracker.getNewValue(update), 1e-10, "update " + update);
        }
    }

    @Test
    void constantWithAndWithoutWarmUp() {
        assertRates(Schedule.constant(), 2e-4, 2e-4, 2e-4, 2e-4, 2e-4, 2e-4, 2e-4, 2e-4, 2e-4, 2e-4);
        assertRates(Schedule.constant().warmUp(4), 0, 5e-5, 1e-4, 1.5e-4, 2e-4, 2e-4, 2e-4, 2e-4, 2e-4, 2e-4);
    }

    @Test
    void linear() {
        assertRates(Schedule.linear(), 2e-4, 1.8e-4, 1.6e-4, 1.4e-4, 1.2e-4, 1e-4, 8e-5, 6e-5, 4e-5, 2e-5);
        assertRates(
                Schedule.linear().warmUp(3),
                0,
                6.666666666666667e-05,
                1.3333333333333334e-4,
                2e-4,
                1.7142857142857143e-4,
                1.4285714285714287e-4,
                1.1428571428571428e-4,
                8.571428571428571e-05,
                5.714285714285714e-05,
                2.857142857142857e-05);
    }

    @Test
    void cosine() {
        assertRates(
                Schedule.cosine(),
                2e-4,
                1.9510565162951537e-4,
                1.8090169943749476e-4,
                1.5877852522924732e-4,
                1.3090169943749476e-4,
                1e-4,
                6.909830056250527e-05,
                4.12214747707527e-05,
                1.9098300562505266e-05,
                4.8943483704846475e-06);
        assertRates(
                Schedule.cosine().warmUp(3),
                0,
                6.666666666666667e-05,
                1.3333333333333334e-4,
                2e-4,
                1.900968867902419e-4,
                1.6234898018587337e-4,
                1.2225209339563145e-4,
                7.774790660436858e-05,
                3.7651019814126654e-05,
                9.903113209758096e-06);
    }

    @Test
    void rateStaysAtTheEndWhenARunGoesOn() {
        assertEquals(0, Schedule.linear().tracker(PEAK, 10).getNewValue(12));
        assertEquals(0, Schedule.cosine().tracker(PEAK, 10).getNewValue(12), 1e-12);
    }

    /** A warm-up as long as the run or longer never divides by zero. */
    @Test
    void warmUpMayFillTheRun() {
        Tracker tracker = Schedule.cosine().warmUp(10).tracker(PEAK, 10);
        assertEquals(1.8e-4, tracker.getNewValue(9), 1e-10);
        assertEquals(PEAK, tracker.getNewValue(10), 1e-10);
    }

    @Test
    void servesDjlsOptimizers() {
        Tracker tracker = Schedule.linear().tracker(PEAK, 10);
        Optimizer.sgd().setLearningRateTracker(tracker).build();
        assertEquals(1e-4, tracker.getNewValue("any parameter", 5), 1e-10);
    }

    @Test
    void negativeWarmUpIsRefused() {
        assertThrows(BadArgumentException.class, () -> Schedule.linear().warmUp(-1));
    }
}
