package dev.lorikeet.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.data.Splits;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.train.checkpoint.CheckpointMismatchException;
import dev.lorikeet.train.loss.ClassWeights;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What each label counts in the loss; StepTest has the loss itself. */
class ClassWeightsTest {

    private static final List<String> LABELS = List.of("ham", "spam");

    @TempDir
    Path folder;

    /** As sklearn.utils.class_weight.compute_class_weight("balanced") does it for 6 and 2 rows. */
    @Test
    void balancedLabelsCountTheSameInSum() {
        double[] weights = ClassWeights.BALANCED.of(LABELS, 0, 0, 0, 1, 0, 0, 1, 0);
        assertArrayEquals(new double[] {8 / (2 * 6.0), 8 / (2 * 2.0)}, weights);
    }

    @Test
    void aLabelWithoutRowsChangesNothing() {
        assertArrayEquals(new double[] {1, 1}, ClassWeights.BALANCED.of(LABELS, 0, 0));
    }

    @Test
    void labelsThatAreNotNamedCountOnce() {
        assertArrayEquals(
                new double[] {1, 5},
                ClassWeights.of(Map.of("spam", 5.0), LABELS).of(LABELS, 0, 1));
    }

    @Test
    void unknownLabelsAndImpossibleWeightsAreRefused() {
        try (Classifier model = Toys.classifier()) {
            ClassifierTuning tuning = Toys.tuning(model, Toys.splits(8, 0));
            String unknown = assertThrows(UnknownNameException.class, () -> tuning.classWeights(Map.of("Spam", 2.0)))
                    .getMessage();
            assertTrue(unknown.contains("spam"), unknown);
            for (double bad : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
                String message = assertThrows(
                                BadArgumentException.class, () -> tuning.classWeights(Map.of("spam", bad)))
                        .getMessage();
                assertTrue(message.contains("class weight of spam"), message);
            }
            assertThrows(BadArgumentException.class, () -> tuning.classWeights(Map.of()));
            assertThrows(BadArgumentException.class, () -> tuning.classWeights(null));
        }
    }

    private static double firstLoss(Map<String, Double> weights) {
        try (Classifier model = Toys.classifier()) {
            ClassifierTuning tuning = Toys.tuning(model, Toys.splits(8, 0)).maxSteps(1);
            return (weights.isEmpty() ? tuning : tuning.classWeights(weights))
                    .run()
                    .history()
                    .steps()
                    .get(0)
                    .loss();
        }
    }

    /** Four texts of each label, so that equal weights of any size change nothing. */
    @Test
    void theWeightsReachTheLossOfARun() {
        double plain = firstLoss(Map.of());
        assertEquals(plain, firstLoss(Map.of("ham", 3.0, "spam", 3.0)), 1e-6);
        double ham = firstLoss(Map.of("ham", 1e6));
        double spam = firstLoss(Map.of("spam", 1e6));
        assertNotEquals(ham, spam, 1e-6);
        assertTrue(Math.min(ham, spam) <= plain && plain <= Math.max(ham, spam), ham + ", " + plain + ", " + spam);
    }

    @Test
    void aRunResumesWithItsWeightsAlone() {
        Splits splits = Toys.splits(16, 0);
        try (Classifier model = Toys.classifier()) {
            Toys.tuning(model, splits)
                    .maxSteps(2)
                    .saveEvery(1, folder)
                    .balancedClassWeights()
                    .run();
        }
        try (Classifier model = Toys.classifier()) {
            ClassifierTuning other = Toys.tuning(model, splits).maxSteps(4).saveEvery(1, folder);
            String message = assertThrows(CheckpointMismatchException.class, other::resume)
                    .getMessage();
            assertTrue(message.contains("class_weights is [1.0, 1.0] in the checkpoint and none in this run"), message);
        }
    }
}
