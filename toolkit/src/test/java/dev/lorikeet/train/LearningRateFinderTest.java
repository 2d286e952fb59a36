package dev.lorikeet.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.nn.Parameter;
import dev.lorikeet.base.Progress;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.train.history.LearningRateTest;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Table;

class LearningRateFinderTest {

    @AfterEach
    void console() {
        Progress.showOn(Progress::silent);
    }

    private static List<byte[]> bytes(Classifier model) {
        return model.parameters().stream()
                .filter(Parameter::requiresGradient)
                .map(parameter -> {
                    byte[] bytes = new byte[(int) parameter.getShape().size() * Float.BYTES];
                    parameter.getArray().toByteBuffer().get(bytes);
                    return bytes;
                })
                .toList();
    }

    private static void assertSame(List<byte[]> expected, List<byte[]> actual) {
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) {
            assertArrayEquals(expected.get(i), actual.get(i));
        }
    }

    @Test
    void itFindsARateAndLeavesEverythingAsItWas() {
        try (Classifier model = Toys.classifier(0.1);
                Classifier untouched = Toys.classifier(0.1)) {
            Toys.tuning(model, Toys.splits(16, 4)).epochs(1).run();
            Toys.tuning(untouched, Toys.splits(16, 4)).epochs(1).run();
            List<byte[]> before = bytes(model);
            int arrays = Toys.arrays(model);
            ClassifierTuning tuning = Toys.tuning(model, Toys.splits(16, 4)).epochs(1);
            TuningSettings settings = tuning.settings();

            LearningRateTest found = tuning.findLearningRate();

            assertSame(before, bytes(model));
            assertEquals(arrays, Toys.arrays(model));
            assertEquals(settings, tuning.settings());
            assertTrue(found.rates().size() >= 20 && found.rates().size() <= LearningRateFinder.MAX_STEPS);
            assertEquals(1e-6, found.rates().get(0), 1e-12);
            assertEquals(found, tuning.findLearningRate(), "the same data and seed give the same curve");
            assertTrue(found.suggestion() >= 1e-6 && found.suggestion() <= 0.1, found.toString());
            Toys.tuning(untouched, Toys.splits(16, 4)).epochs(1).run();
            tuning.run();
            assertSame(bytes(untouched), bytes(model));
        }
    }

    @Test
    void anInterruptStopsItAndRestoresTheModel() {
        try (Classifier model = Toys.classifier()) {
            List<byte[]> before = bytes(model);
            Progress.showOn((title, total) -> new Progress() {
                @Override
                public void at(long done, String detail) {
                    if (done == 60) {
                        Thread.currentThread().interrupt();
                    }
                }

                @Override
                public void close() {}
            });
            String message = assertThrows(StoppedException.class, () -> Toys.tuning(model, Toys.splits(16, 4))
                            .findLearningRate())
                    .getMessage();

            assertTrue(message.contains("as it was") || message.contains("stopped"), message);
            assertFalse(Thread.currentThread().isInterrupted());
            assertSame(before, bytes(model));
        }
    }

    @Test
    void theSuggestionIsATenthOfTheRateWithTheLowestSmoothedLoss() {
        List<Double> rates = List.of(1e-6, 1e-5, 1e-4, 1e-3, 2e-3, 5e-3, 1.24e-2, 1e-1);
        List<Double> losses = List.of(0.1, 3.0, 3.0, 2.9, 2.5, 1.0, 0.8, 7.0);
        LearningRateTest test = new LearningRateTest("toy", rates, losses, losses, true);

        assertEquals(1.24e-2, test.lowest(), "not the first, which only had an easy batch");
        assertEquals(1.2e-3, test.suggestion());
        Table table = test.table();
        assertEquals(8, table.rowCount());
        assertEquals(1, table.intColumn("step").get(0));
        assertEquals(7.0, table.doubleColumn("smoothed loss").get(7));
        assertTrue(test.toString().contains("suggested learning rate 1.2e-3"), test.toString());
        assertTrue(test.html().contains("1.24e-2") && test.html().contains("Plots.learningRate"));
    }
}
