package dev.lorikeet.lora;

import java.util.SplittableRandom;

/** How A is initialised. B starts at zero, so that a new adapter changes nothing, except with {@link #RANDOM_B}. */
public enum Init {
    /** Uniform in ±1/√in: PEFT's default, kaiming_uniform with a = √5. */
    KAIMING {
        @Override
        float draw(SplittableRandom random, long in, long rank) {
            return uniform(random, 1 / Math.sqrt(in));
        }
    },
    /** Uniform in ±1/√rank: the result of Appendix E of "LLMs from scratch", which stores A transposed. */
    APPENDIX_E {
        @Override
        float draw(SplittableRandom random, long in, long rank) {
            return uniform(random, 1 / Math.sqrt(rank));
        }
    },
    /** Uniform in ±√(3√5/in): the variance scaling (scale √5, fan in) of Keras's GPT-2 walkthrough. */
    KERAS {
        @Override
        float draw(SplittableRandom random, long in, long rank) {
            return uniform(random, Math.sqrt(3 * Math.sqrt(5) / in));
        }
    },
    /** Normal with standard deviation 1/rank: PEFT's "gaussian". */
    GAUSSIAN {
        @Override
        float draw(SplittableRandom random, long in, long rank) {
            return (float) (random.nextGaussian() / rank);
        }
    },
    /** A as {@link #KAIMING} and B uniform in ±1/√rank: PEFT's {@code false}, for tests with adapters that change the output
     * at once. */
    RANDOM_B {
        @Override
        float draw(SplittableRandom random, long in, long rank) {
            return KAIMING.draw(random, in, rank);
        }
    };

    abstract float draw(SplittableRandom random, long in, long rank);

    /** Draws an element of B for {@link #RANDOM_B}. */
    static float drawB(SplittableRandom random, long rank) {
        return uniform(random, 1 / Math.sqrt(rank));
    }

    private static float uniform(SplittableRandom random, double bound) {
        return (float) (random.nextDouble() * 2 * bound - bound);
    }
}
