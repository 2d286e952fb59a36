package dev.lorikeet.lora;

/** What alpha is divided by to give the scale on BA. */
public enum LoraScaling {
    /** The rank (Hu et al. 2021, section 4.1). */
    RANK {
        @Override
        double divisor(long rank) {
            return rank;
        }
    },
    /** The square root of the rank: rsLoRA (Kalajdzievski 2023). */
    SQRT_RANK {
        @Override
        double divisor(long rank) {
            return Math.sqrt(rank);
        }
    },
    /** Nothing: alpha is the scale, as in Appendix E of "LLMs from scratch". */
    NONE {
        @Override
        double divisor(long rank) {
            return 1;
        }
    };

    abstract double divisor(long rank);
}
