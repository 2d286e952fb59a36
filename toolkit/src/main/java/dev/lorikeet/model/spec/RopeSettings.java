package dev.lorikeet.model.spec;

import com.google.gson.JsonObject;
import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.model.config.ModelConfigBuilder;
import java.util.OptionalInt;

/** The rotary positions that all layers share. */
public final class RopeSettings implements Setting {

    private final double theta;
    private final boolean mayBePartial;
    private final OptionalInt firstContext;
    private final RopeTensors tensors;

    private RopeSettings(double theta, boolean mayBePartial, OptionalInt firstContext, RopeTensors tensors) {
        this.theta = theta;
        this.mayBePartial = mayBePartial;
        this.firstContext = firstContext;
        this.tensors = tensors;
    }

    /** @param theta where config.json has none */
    public static RopeSettings of(double theta) {
        return new RopeSettings(theta, false, OptionalInt.empty(), RopeTensors.NONE);
    }

    /**
     * For heads of which only a part may rotate.
     *
     * @param firstContext "original_max_position_embeddings" where config.json has none
     */
    public static RopeSettings partial(double theta, int firstContext) {
        return new RopeSettings(theta, true, OptionalInt.of(firstContext), RopeTensors.NONE);
    }

    /** Says which tensors of rotary factors llama.cpp reads for the family; none unless set. */
    public RopeSettings inGguf(RopeTensors read) {
        return new RopeSettings(theta, mayBePartial, firstContext, read);
    }

    @Override
    public void read(Fields json, ModelConfigBuilder config) {
        Fields rope = RopeJson.of(json);
        if (firstContext.isPresent() && !rope.has(RopeJson.FIRST_CONTEXT)) {
            rope = rope.with(RopeJson.FIRST_CONTEXT, firstContext.getAsInt());
        }
        if (!mayBePartial) {
            json.require("partial_rotary_factor", 1);
            rope.require("partial_rotary_factor", 1);
        }
        config.rope(RopeJson.read(json, rope, config, theta));
    }

    @Override
    public void write(ModelConfig config, JsonObject json) {
        config.rope().ifPresent(rope -> RopeJson.write(rope, config, json));
    }

    @Override
    public void readGguf(GgufFields file, ModelConfigBuilder config) {
        config.rope(RopeGguf.read(file, config, mayBePartial));
    }

    @Override
    public void writeGguf(ModelConfig config, GgufKeys keys) {
        config.rope().ifPresent(rope -> RopeGguf.write(rope, config, keys, tensors));
    }
}
