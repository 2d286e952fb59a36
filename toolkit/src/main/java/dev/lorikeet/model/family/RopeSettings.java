package dev.lorikeet.model.family;

import com.google.gson.JsonObject;
import dev.lorikeet.model.block.ModelConfig;
import dev.lorikeet.model.block.Rope;

/** The rotary positions that all layers share. */
final class RopeSettings implements Setting {

    private final double theta;
    private final boolean mayBePartial;

    /** @param theta where config.json has none */
    RopeSettings(double theta) {
        this(theta, false);
    }

    /** @param mayBePartial whether the family computes with heads of which only a part rotates */
    RopeSettings(double theta, boolean mayBePartial) {
        this.theta = theta;
        this.mayBePartial = mayBePartial;
    }

    @Override
    public void read(Fields json, ModelConfig.Builder config) {
        Fields rope = RopeJson.of(json);
        if (!mayBePartial) {
            json.require("partial_rotary_factor", 1);
            rope.require("partial_rotary_factor", 1);
        }
        config.rope(RopeJson.read(json, rope, config, theta));
    }

    @Override
    public void write(ModelConfig config, JsonObject json) {
        Rope rope = config.rope().orElseThrow();
        RopeJson.write(rope, config, json);
    }

    @Override
    public void readGguf(GgufFields file, ModelConfig.Builder config) {
        config.rope(RopeGguf.read(file, config, mayBePartial));
    }

    @Override
    public void writeGguf(ModelConfig config, GgufKeys keys) {
        RopeGguf.write(config.rope().orElseThrow(), config, keys);
    }
}
