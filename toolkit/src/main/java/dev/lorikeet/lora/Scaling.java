package dev.lorikeet.lora;

/** What alpha is divided by to give the factor on BA. */
public enum Scaling {
    /** The rank (Hu et al. 2021, section 4.1). */
    RANK {
        @Override
        double divisor(long rank) {
            return rank;
        }
    },
    /** The root of the rank: rsLoRA (Kalajdzievski 2023). */
    ROOT_OF_RANK {
        @Override
        double divisor(long rank) {
            return Math.sqrt(rank);
        }
    },
    /** Nothing, as in Appendix E of "LLMs from scratch". */
    NONE {
        @Override
        double divisor(long rank) {
            return 1;
        }
    };

    abstract double divisor(long rank);
}
