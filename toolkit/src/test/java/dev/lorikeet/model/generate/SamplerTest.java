package dev.lorikeet.model.generate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Draws from known distributions, counted. */
class SamplerTest {

    private static final int DRAWS = 20_000;
    private static final double[] PROBABILITIES = {0.15, 0.5, 0.05, 0.3};

    /** A larger statistic has probability 0.001 for as many categories less one. */
    private static final double[] CHI_SQUARE = {0, 10.83, 13.82, 16.27};

    @Test
    void drawsFromTheModelsDistribution() {
        assertDistribution(PROBABILITIES, GenerationConfig.sampled(1));
    }

    @Test
    void aTemperatureOfTwoTakesRoots() {
        assertDistribution(
                Arrays.stream(PROBABILITIES).map(Math::sqrt).toArray(),
                GenerationConfig.sampled(1).temperature(2));
    }

    @Test
    void topKLeavesTheLikeliest() {
        assertDistribution(
                new double[] {0.15, 0.5, 0, 0.3}, GenerationConfig.sampled(1).topK(3));
    }

    /** Few are found one way, many another: both are those of a plain sort. */
    @Test
    void theLikeliestAreThoseOfAPlainSort() {
        SplittableRandom random = new SplittableRandom(1);
        float[] logits = new float[3000];
        for (int id = 0; id < logits.length; id++) {
            logits[id] = (float) Math.round(20 * random.nextGaussian()) / 4;
        }
        int[] sorted = IntStream.range(0, logits.length)
                .boxed()
                .sorted(Comparator.comparing((Integer id) -> -logits[id]).thenComparing(id -> id))
                .mapToInt(Integer::intValue)
                .toArray();
        for (int k : new int[] {1, 5, 64, 65, 1000, 3000}) {
            Sampler sampler = new Sampler(GenerationConfig.sampled(1).topK(k), new int[0]);
            assertArrayEquals(Arrays.copyOf(sorted, k), sampler.candidates(logits), "k = " + k);
        }
    }

    @Test
    void topPLeavesTheSmallestSetThatReachesIt() {
        assertDistribution(
                new double[] {0, 0.5, 0, 0.3}, GenerationConfig.sampled(1).topP(0.7));
        assertDistribution(
                new double[] {0.15, 0.5, 0, 0.3}, GenerationConfig.sampled(1).topP(0.81));
    }

    private static void assertDistribution(double[] weights, GenerationConfig settings) {
        Sampler sampler = new Sampler(settings.seed(3), new int[0]);
        long[] counts = new long[weights.length];
        for (int i = 0; i < DRAWS; i++) {
            counts[sampler.next(logits())]++;
        }
        double sum = Arrays.stream(weights).sum();
        double statistic = 0;
        int categories = 0;
        for (int i = 0; i < weights.length; i++) {
            double expected = DRAWS * weights[i] / sum;
            if (expected == 0) {
                assertEquals(0, counts[i], "draws of token " + i);
            } else {
                statistic += (counts[i] - expected) * (counts[i] - expected) / expected;
                categories++;
            }
        }
        assertTrue(
                statistic < CHI_SQUARE[categories - 1], "chi square " + statistic + " of " + Arrays.toString(counts));
    }

    private static float[] logits() {
        float[] logits = new float[PROBABILITIES.length];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) Math.log(PROBABILITIES[i]) + 1;
        }
        return logits;
    }

    @Test
    void thePenaltyMovesSeenTokensTowardsLess() {
        float[] logits = {2, -2, 3, -3};
        new Sampler(GenerationConfig.greedy(1).repetitionPenalty(2), new int[] {0, 1}).next(logits);
        assertArrayEquals(new float[] {1, -4, 3, -3}, logits);
    }

    @Test
    void whatWasDrawnCountsAsSeen() {
        Sampler sampler = new Sampler(GenerationConfig.greedy(1).repetitionPenalty(2), new int[0]);
        assertEquals(2, sampler.next(new float[] {2, -2, 3, -3}));
        assertEquals(0, sampler.next(new float[] {2, -2, 3, -3}));
    }
}
