package dev.lorikeet.model.spec;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.model.config.DynamicScaling;
import dev.lorikeet.model.config.LinearScaling;
import dev.lorikeet.model.config.Llama3Scaling;
import dev.lorikeet.model.config.LongRopeScaling;
import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.model.config.ModelConfigBuilder;
import dev.lorikeet.model.config.Rope;
import dev.lorikeet.model.config.RopeScaling;
import dev.lorikeet.model.config.YarnScaling;
import java.util.HashSet;
import java.util.Set;

/** Rotary positions in config.json, as transformers reads them since and before version 5. */
public final class RopeJson {

    static final String FIRST_CONTEXT = "original_max_position_embeddings";
    private static final String CONTEXT = "max_position_embeddings";
    private static final String PARTIAL = "partial_rotary_factor";

    private RopeJson() {}

    /** Version 5 keeps all in "rope_parameters"; before, the base stood outside and the rest in "rope_scaling", which wins. */
    public static Fields of(Fields json) {
        Fields rope = json.within(json.has("rope_scaling") ? "rope_scaling" : "rope_parameters");
        Set<Object> nested = new HashSet<>();
        rope.json().entrySet().stream()
                .filter(entry -> entry.getValue().isJsonObject())
                .forEach(entry -> nested.add(entry.getValue()));
        if (nested.size() > 1) {
            throw new BadFileException(
                    json.file(),
                    "has different rotary settings for kinds of layers, %s; one for all layers is supported here"
                            .formatted(rope.json().keySet()));
        }
        return nested.isEmpty()
                ? rope
                : new Fields((JsonObject) nested.iterator().next(), json.file());
    }

    /** @param theta where the file has none */
    public static Rope read(Fields json, Fields rope, ModelConfigBuilder config, double theta) {
        double base = rope.number("rope_theta", json.number("rope_theta", theta));
        double part = rope.number(PARTIAL, json.number(PARTIAL, 1));
        return new Rope(base, (int) (config.headDim() * part), scaling(json, rope, config));
    }

    /** Reads what becomes of the frequencies in a longer context. */
    public static RopeScaling scaling(Fields json, Fields rope, ModelConfigBuilder config) {
        int context = json.size(CONTEXT, config.contextLength());
        int first = json.size(FIRST_CONTEXT, rope.size(FIRST_CONTEXT, context));
        String key = rope.has("rope_type") ? "rope_type" : "type";
        return switch (rope.text(key, "default")) {
            case "default" -> new RopeScaling.Unscaled();
            case "linear" -> new LinearScaling(rope.number("factor"));
            case "dynamic" -> dynamic(rope, context, config);
            case "llama3" ->
                new Llama3Scaling(
                        rope.number("factor"), rope.number("low_freq_factor"), rope.number("high_freq_factor"), first);
            // Early files of Phi-3 call it so.
            case "yarn" -> rope.has("short_factor") ? longRope(rope, context, first) : yarn(rope, context, first);
            case "longrope", "su" -> longRope(rope, context, first);
            default -> throw rope.unsupported(key, "one of default, linear, dynamic, yarn, longrope and llama3");
        };
    }

    /** The only kind whose longest context is not in the file. */
    private static DynamicScaling dynamic(Fields rope, int context, ModelConfigBuilder config) {
        DynamicScaling dynamic = new DynamicScaling(rope.number("factor"), context);
        config.contextLength((int) (dynamic.factor() * context));
        return dynamic;
    }

    private static YarnScaling yarn(Fields rope, int context, int first) {
        double factor = rope.number("factor", (double) context / first);
        double magnitude = YarnScaling.magnitude(factor, 1);
        double weight = rope.number("mscale", 0);
        double weightOfAll = rope.number("mscale_all_dim", 0);
        if (weight != 0 && weightOfAll != 0) {
            magnitude = YarnScaling.magnitude(factor, weight) / YarnScaling.magnitude(factor, weightOfAll);
        }
        return new YarnScaling(
                factor,
                first,
                rope.number("attention_factor", magnitude),
                orElse(rope.number("beta_fast", 0), 32),
                orElse(rope.number("beta_slow", 0), 1),
                rope.flag("truncate", true));
    }

    private static double orElse(double value, double ifZero) {
        return value == 0 ? ifZero : value;
    }

    private static LongRopeScaling longRope(Fields rope, int context, int first) {
        double factor = rope.number("factor", (double) context / first);
        return new LongRopeScaling(
                rope.numbers("short_factor"),
                rope.numbers("long_factor"),
                first,
                rope.number("attention_factor", LongRopeScaling.magnitude(factor, first)));
    }

    /** Writes it for versions before 5 and since. */
    public static void write(Rope rope, ModelConfig config, JsonObject json) {
        JsonObject parameters = parameters(rope, config);
        json.add("rope_parameters", parameters);
        json.addProperty("rope_theta", rope.theta());
        if (rope.dimensions() != config.headDim()) {
            json.add(PARTIAL, parameters.get(PARTIAL));
        }
        if (!(rope.scaling() instanceof RopeScaling.Unscaled)) {
            JsonObject older = parameters.deepCopy();
            older.remove("rope_theta");
            json.add("rope_scaling", older);
        }
        writeContext(rope, json);
        if (parameters.has(FIRST_CONTEXT) && rope.scaling() instanceof LongRopeScaling) {
            json.add(FIRST_CONTEXT, parameters.get(FIRST_CONTEXT));
        }
    }

    /** Where scaling is dynamic the file has the context first trained in. */
    public static void writeContext(Rope rope, JsonObject json) {
        if (rope.scaling() instanceof DynamicScaling dynamic) {
            json.addProperty(CONTEXT, dynamic.firstContext());
        }
    }

    public static JsonObject parameters(Rope rope, ModelConfig config) {
        JsonObject json = scaling(rope.scaling());
        json.addProperty("rope_theta", rope.theta());
        if (rope.dimensions() != config.headDim()) {
            json.addProperty(PARTIAL, (double) rope.dimensions() / config.headDim());
        }
        return json;
    }

    private static JsonObject scaling(RopeScaling scaling) {
        JsonObject json = new JsonObject();
        if (scaling instanceof RopeScaling.Unscaled) {
            json.addProperty("rope_type", "default");
        } else if (scaling instanceof LinearScaling linear) {
            json.addProperty("rope_type", "linear");
            json.addProperty("factor", linear.factor());
        } else if (scaling instanceof DynamicScaling dynamic) {
            json.addProperty("rope_type", "dynamic");
            json.addProperty("factor", dynamic.factor());
        } else if (scaling instanceof Llama3Scaling llama3) {
            json.addProperty("rope_type", "llama3");
            json.addProperty("factor", llama3.factor());
            json.addProperty("low_freq_factor", llama3.lowFactor());
            json.addProperty("high_freq_factor", llama3.highFactor());
            json.addProperty(FIRST_CONTEXT, llama3.firstContext());
        } else if (scaling instanceof YarnScaling yarn) {
            json.addProperty("rope_type", "yarn");
            json.addProperty("factor", yarn.factor());
            json.addProperty("attention_factor", yarn.magnitude());
            json.addProperty("beta_fast", yarn.betaFast());
            json.addProperty("beta_slow", yarn.betaSlow());
            json.addProperty("truncate", yarn.truncate());
            json.addProperty(FIRST_CONTEXT, yarn.firstContext());
        } else if (scaling instanceof LongRopeScaling longRope) {
            json.addProperty("rope_type", "longrope");
            json.add("short_factor", new Gson().toJsonTree(longRope.shortFactors()));
            json.add("long_factor", new Gson().toJsonTree(longRope.longFactors()));
            json.addProperty("attention_factor", longRope.magnitude());
            json.addProperty(FIRST_CONTEXT, longRope.firstContext());
        } else {
            throw new LorikeetException(
                    "A model whose GGUF file scales rotary positions by divisors cannot be written as a "
                            + "folder: transformers wants the settings that the divisors were made from. Write a GGUF file, or "
                            + "load the model from its own folder");
        }
        return json;
    }
}
