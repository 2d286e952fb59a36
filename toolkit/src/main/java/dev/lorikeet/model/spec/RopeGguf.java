package dev.lorikeet.model.spec;

import dev.lorikeet.base.BadFileException;
import dev.lorikeet.model.config.DivisorScaling;
import dev.lorikeet.model.config.LinearScaling;
import dev.lorikeet.model.config.LongRopeScaling;
import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.model.config.ModelConfigBuilder;
import dev.lorikeet.model.config.Rope;
import dev.lorikeet.model.config.RopeScaling;
import dev.lorikeet.model.config.YarnScaling;
import java.util.List;
import java.util.Locale;

/** Rotary positions in GGUF files, as llama.cpp reads them. */
public final class RopeGguf {

    /** What frequencies are divided by, where they are scaled as Llama 3.1's. */
    private static final String DIVISORS = "rope_freqs.weight";

    private static final String SHORT = "rope_factors_short.weight";
    private static final String LONG = "rope_factors_long.weight";

    private static final String TYPE = "rope.scaling.type";
    private static final String FACTOR = "rope.scaling.factor";
    private static final String FIRST_CONTEXT = "rope.scaling.original_context_length";
    private static final String MAGNITUDE = "rope.scaling.attn_factor";

    private static final double BETA_FAST = 32;
    private static final double BETA_SLOW = 1;

    private RopeGguf() {}

    public static Rope read(GgufFields file, ModelConfigBuilder config, boolean mayBePartial) {
        Fields keys = file.keys();
        if (!mayBePartial) {
            keys.require("rope.dimension_count", config.headDim());
        }
        int dimensions = keys.integer("rope.dimension_count", config.headDim());
        return new Rope(keys.number("rope.freq_base", 10_000), dimensions, scaling(file, config, dimensions));
    }

    /** A factor alone means linear, and an older key may hold it. */
    public static RopeScaling scaling(GgufFields file, ModelConfigBuilder config, int dimensions) {
        Fields keys = file.keys();
        String type = keys.text(TYPE, "linear");
        double stored = keys.number(FACTOR, keys.number("rope.scale_linear", 0));
        double factor = type.equals("none") || stored == 0 ? 1 : stored;
        int context = config.contextLength();
        int first = keys.size(FIRST_CONTEXT, context);
        if (file.hasTensor(LONG) || type.equals("longrope")) {
            return longRope(file, dimensions, context, first);
        }
        if (file.hasTensor(DIVISORS)) {
            if (factor != 1) {
                throw new BadFileException(
                        keys.file(), "scales its rotary positions twice, by a factor and by " + DIVISORS);
            }
            return new DivisorScaling(file.elements(DIVISORS, dimensions / 2), keys.number(MAGNITUDE, 1));
        }
        return switch (type) {
            case "none", "linear" -> factor == 1 ? new RopeScaling.Unscaled() : new LinearScaling(factor);
            case "yarn" ->
                new YarnScaling(
                        factor,
                        first,
                        YarnScaling.magnitude(factor, 1) * keys.number(MAGNITUDE, 1),
                        keys.number("rope.scaling.yarn_beta_fast", BETA_FAST),
                        keys.number("rope.scaling.yarn_beta_slow", BETA_SLOW),
                        true);
            default ->
                throw new BadFileException(
                        keys.file(),
                        "scales its rotary positions as \"%s\"; supported are none, linear, yarn and longrope, and %s"
                                .formatted(type, DIVISORS));
        };
    }

    private static LongRopeScaling longRope(GgufFields file, int dimensions, int context, int first) {
        double magnitude = LongRopeScaling.magnitude((double) context / first, first);
        return new LongRopeScaling(
                doubles(file.elements(SHORT, dimensions / 2)),
                doubles(file.elements(LONG, dimensions / 2)),
                first,
                file.keys().number(MAGNITUDE, magnitude));
    }

    private static List<Double> doubles(List<Float> floats) {
        return floats.stream().map(Float::doubleValue).toList();
    }

    /** @param tensors which tensors of rotary factors llama.cpp reads for the family */
    public static void write(Rope rope, ModelConfig config, GgufKeys keys, RopeTensors tensors) {
        keys.integer("rope.dimension_count", rope.dimensions());
        keys.number("rope.freq_base", rope.theta());
        RopeScaling scaling = rope.scaling();
        if (scaling instanceof LinearScaling linear) {
            keys.text(TYPE, "linear");
            keys.number(FACTOR, linear.factor());
        } else if (scaling instanceof YarnScaling yarn && isAsLlamaCppHasIt(yarn)) {
            writeYarn(yarn, keys);
        } else if (scaling instanceof LongRopeScaling longRope && tensors != RopeTensors.NONE) {
            writeLongRope(longRope, keys, tensors);
        } else if (tensors == RopeTensors.ALL
                && !scaling.dependsOnLength()
                && !(scaling instanceof RopeScaling.Unscaled)) {
            keys.tensor(DIVISORS, divisors(rope));
            writeMagnitude(scaling.magnitude(), keys);
        } else if (!(scaling instanceof RopeScaling.Unscaled)) {
            String kind =
                    scaling.getClass().getSimpleName().replace("Scaling", "").toLowerCase(Locale.ROOT);
            throw Settings.noPlace(config, "this " + kind + " scaling of rotary positions");
        }
    }

    /** llama.cpp takes no others than these, whatever the file says. */
    private static boolean isAsLlamaCppHasIt(YarnScaling yarn) {
        return yarn.truncate() && yarn.betaFast() == BETA_FAST && yarn.betaSlow() == BETA_SLOW;
    }

    private static void writeYarn(YarnScaling yarn, GgufKeys keys) {
        keys.text(TYPE, "yarn");
        keys.number(FACTOR, yarn.factor());
        keys.integer(FIRST_CONTEXT, yarn.firstContext());
        writeMagnitude(yarn.magnitude() / YarnScaling.magnitude(yarn.factor(), 1), keys);
    }

    private static void writeLongRope(LongRopeScaling longRope, GgufKeys keys, RopeTensors tensors) {
        if (tensors == RopeTensors.ALL) {
            keys.text(TYPE, "longrope");
        }
        keys.integer(FIRST_CONTEXT, longRope.firstContext());
        keys.number(MAGNITUDE, longRope.magnitude());
        keys.tensor(SHORT, floats(longRope.shortFactors()));
        keys.tensor(LONG, floats(longRope.longFactors()));
    }

    private static void writeMagnitude(double magnitude, GgufKeys keys) {
        if (Math.abs(magnitude - 1) > 1e-6) {
            keys.number(MAGNITUDE, magnitude);
        }
    }

    private static float[] floats(List<Double> doubles) {
        float[] floats = new float[doubles.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = doubles.get(i).floatValue();
        }
        return floats;
    }

    private static float[] divisors(Rope rope) {
        float[] scaled = rope.frequencies(1);
        float[] divisors = rope.unscaled();
        for (int i = 0; i < divisors.length; i++) {
            divisors[i] /= scaled[i];
        }
        return divisors;
    }
}
