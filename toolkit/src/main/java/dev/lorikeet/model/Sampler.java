package dev.lorikeet.model;

import java.util.BitSet;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Chooses the next token from logits: penalty, temperature, top-k, top-p, then the draw, in the order usual elsewhere. */
final class Sampler {

    private final Generation settings;
    private final SplittableRandom random;
    private final BitSet seen = new BitSet();

    Sampler(Generation settings, int[] prompt) {
        this.settings = settings;
        this.random = new SplittableRandom(settings.seed());
        for (int id : prompt) {
            seen.set(id);
        }
    }

    /** Changes {@code logits}. */
    int next(float[] logits) {
        penalize(logits);
        int chosen = settings.temperature() == 0 ? likeliest(logits) : draw(logits);
        seen.set(chosen);
        return chosen;
    }

    private void penalize(float[] logits) {
        float penalty = (float) settings.repetitionPenalty();
        if (penalty != 1) {
            seen.stream().forEach(id -> logits[id] = logits[id] > 0 ? logits[id] / penalty : logits[id] * penalty);
        }
    }

    private static int likeliest(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            if (logits[i] > logits[best]) {
                best = i;
            }
        }
        return best;
    }

    private int draw(float[] logits) {
        int[] candidates = candidates(logits);
        double top = logits[candidates[0]];
        double[] weights = new double[candidates.length];
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            weights[i] = Math.exp((logits[candidates[i]] - top) / settings.temperature());
            sum += weights[i];
        }
        int count = nucleus(weights, sum);
        double kept = 0;
        for (int i = 0; i < count; i++) {
            kept += weights[i];
        }
        double at = random.nextDouble() * kept;
        for (int i = 0; i < count; i++) {
            at -= weights[i];
            if (at < 0) {
                return candidates[i];
            }
        }
        return candidates[count - 1];
    }

    /** The tokens that may be drawn, likeliest first. */
    private int[] candidates(float[] logits) {
        int k = settings.topK() == 0 ? logits.length : Math.min(settings.topK(), logits.length);
        return IntStream.range(0, logits.length)
                .boxed()
                .sorted((a, b) -> Float.compare(logits[b], logits[a]))
                .limit(k)
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** How many of the likeliest tokens reach the probability topP; the one that passes it counts. */
    private int nucleus(double[] weights, double sum) {
        double reached = 0;
        for (int i = 0; i < weights.length; i++) {
            reached += weights[i] / sum;
            if (reached >= settings.topP()) {
                return i + 1;
            }
        }
        return weights.length;
    }
}
