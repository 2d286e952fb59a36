package dev.lorikeet.model.spec;

import com.google.gson.JsonObject;
import dev.lorikeet.model.config.Attention;
import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.model.config.ModelConfigBuilder;

/** A window that all layers look back through, or none. */
public final class UniformWindow implements Setting {

    private static final String JSON = "sliding_window";
    private static final String GGUF = "attention.sliding_window";

    private final int absent;

    private UniformWindow(int absent) {
        this.absent = absent;
    }

    /** @param absent the window where config.json does not mention one; a null there means none */
    public static UniformWindow of(int absent) {
        return new UniformWindow(absent);
    }

    /** For a family whose config.json may have a window. */
    public static UniformWindow optional() {
        return of(Attention.FULL);
    }

    /** Whether a GGUF file has a window. */
    public static boolean isIn(GgufFields file) {
        return file.keys().integer(GGUF, 0) > 0;
    }

    @Override
    public void read(Fields json, ModelConfigBuilder config) {
        set(json.integer(JSON, json.mentions(JSON) ? Attention.FULL : absent), config);
    }

    @Override
    public void write(ModelConfig config, JsonObject json) {
        json.addProperty(JSON, config.isWindowed() ? config.attention().get(0).window() : null);
    }

    @Override
    public void readGguf(GgufFields file, ModelConfigBuilder config) {
        int window = file.keys().integer(GGUF, 0);
        if (window > 0) {
            set(window, config);
        }
    }

    /** One that is as long as the context is none, and needs no mask. */
    private static void set(int window, ModelConfigBuilder config) {
        config.window(window < config.contextLength() ? window : Attention.FULL);
    }

    @Override
    public void writeGguf(ModelConfig config, GgufKeys keys) {
        if (config.isWindowed()) {
            keys.integer(GGUF, config.attention().get(0).window());
        }
    }
}
