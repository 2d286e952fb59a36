package dev.lorikeet.model.generate;

import java.util.Arrays;
import java.util.BitSet;
import java.util.SplittableRandom;

/** Chooses the next token from logits: penalty, temperature, top-k, top-p, then the draw, in the order usual elsewhere. */
final class Sampler {

    /** Up to here the likeliest are found without sorting all. */
    private static final int FEW = 64;

    private final GenerationConfig settings;
    private final SplittableRandom random;
    private final BitSet seen = new BitSet();

    Sampler(GenerationConfig settings, int[] prompt) {
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
    int[] candidates(float[] logits) {
        int k = settings.topK() == 0 ? logits.length : Math.min(settings.topK(), logits.length);
        long[] keys = new long[logits.length];
        for (int id = 0; id < keys.length; id++) {
            keys[id] = key(logits[id], id);
        }
        return Arrays.stream(k <= FEW ? smallest(keys, k) : sorted(keys))
                .limit(k)
                .mapToInt(key -> (int) key)
                .toArray();
    }

    /** Orders by falling logit, then by rising id: a whole sort of numbers instead of objects. */
    private static long key(float logit, int id) {
        int bits = Float.floatToIntBits(logit);
        int rising = bits ^ (bits >> 31 & Integer.MAX_VALUE);
        return (long) ~rising << 32 | id;
    }

    private static long[] sorted(long[] keys) {
        Arrays.sort(keys);
        return keys;
    }

    /** The k smallest keys in order, by insertion: nearly all are larger than the last of them. */
    private static long[] smallest(long[] keys, int k) {
        long[] best = new long[k];
        Arrays.fill(best, Long.MAX_VALUE);
        for (long key : keys) {
            if (key < best[k - 1]) {
                int at = k - 1;
                while (at > 0 && best[at - 1] > key) {
                    best[at] = best[at - 1];
                    at--;
                }
                best[at] = key;
            }
        }
        return best;
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
