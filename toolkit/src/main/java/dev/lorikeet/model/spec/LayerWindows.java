package dev.lorikeet.model.spec;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.lorikeet.model.config.Attention;
import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.model.config.ModelConfigBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.IntPredicate;

/** A window that some layers look back through, while the others see the whole context: "layer_types" of config.json. */
public final class LayerWindows implements Setting {

    public static final String SLIDING = "sliding_attention";
    public static final String FULL = "full_attention";

    private static final String TYPES = "layer_types";
    private static final String WINDOW = "sliding_window";
    private static final String SWITCH = "use_sliding_window";
    private static final String GGUF_WINDOW = "attention.sliding_window";
    private static final String GGUF_PATTERN = "attention.sliding_window_pattern";
    private static final int DEFAULT_WINDOW = 4096;

    /** Says of each layer whether it has the window where a file has no list of them. */
    private final Function<Fields, IntPredicate> rule;

    private final boolean hasSwitch;
    private final int absent;
    private final OptionalInt ggufPeriod;

    /** @param absent the window where config.json does not mention one; 0 for none */
    private LayerWindows(Function<Fields, IntPredicate> rule, boolean hasSwitch, int absent, OptionalInt ggufPeriod) {
        this.rule = rule;
        this.hasSwitch = hasSwitch;
        this.absent = absent;
        this.ggufPeriod = ggufPeriod;
    }

    /** Windows from layer "max_window_layers" on, if "use_sliding_window" is set; GGUF files have no place for them. */
    public static LayerWindows ofUpperLayers() {
        return new LayerWindows(
                json -> {
                    int first = json.integer("max_window_layers", 28);
                    return layer -> layer >= first;
                },
                true,
                DEFAULT_WINDOW,
                OptionalInt.empty());
    }

    /** Windows in the layers that {@code rule} tells of a config.json, if "use_sliding_window" is set and there is a window. */
    public static LayerWindows where(Function<Fields, IntPredicate> rule) {
        return new LayerWindows(rule, true, 0, OptionalInt.empty());
    }

    /** Windows in all layers but each one of number {@code period}. */
    public static LayerWindows periodic(int period) {
        return new LayerWindows(
                json -> {
                    int found = json.size("sliding_window_pattern", period);
                    return layer -> (layer + 1) % found != 0;
                },
                false,
                DEFAULT_WINDOW,
                OptionalInt.of(period));
    }

    @Override
    public void read(Fields json, ModelConfigBuilder config) {
        boolean on = hasSwitch ? json.flag(SWITCH, false) : !json.mentions(WINDOW) || json.has(WINDOW);
        int found = on ? json.integer(WINDOW, absent) : 0;
        OptionalInt window = found > 0 ? OptionalInt.of(found) : OptionalInt.empty();
        IntPredicate sliding = json.has(TYPES) ? listed(json, config.layers()) : rule.apply(json);
        if (json.has(TYPES) && window.isEmpty() && json.texts(TYPES).contains(SLIDING)) {
            throw json.unsupported(TYPES, "\"%s\" in every layer, as there is no window,".formatted(FULL));
        }
        window.ifPresent(tokens -> set(config, tokens, sliding));
    }

    private static void set(ModelConfigBuilder config, int window, IntPredicate sliding) {
        config.eachLayer(
                (layer, before) -> new Attention(sliding.test(layer) ? window : Attention.FULL, before.rope()));
    }

    /** Whether a layer has the window by the list in a config.json. */
    public static IntPredicate listed(Fields json, int layers) {
        List<String> types = json.texts(TYPES);
        if (types.size() != layers || !List.of(SLIDING, FULL).containsAll(types)) {
            throw json.unsupported(
                    TYPES, "a list of \"%s\" or \"%s\" for each of %d layers".formatted(FULL, SLIDING, layers));
        }
        return layer -> types.get(layer).equals(SLIDING);
    }

    public static boolean isSliding(ModelConfig config, int layer) {
        return config.attention().get(layer).isWindowed();
    }

    @Override
    public void write(ModelConfig config, JsonObject json) {
        JsonArray types = new JsonArray();
        int window = 0;
        for (int layer = 0; layer < config.layers(); layer++) {
            boolean sliding = isSliding(config, layer);
            types.add(sliding ? SLIDING : FULL);
            window = sliding ? config.attention().get(layer).window() : window;
        }
        json.add(TYPES, types);
        if (window > 0 || hasSwitch) {
            json.addProperty(WINDOW, window > 0 ? window : null);
        }
        if (hasSwitch) {
            json.addProperty(SWITCH, window > 0);
        }
    }

    @Override
    public void readGguf(GgufFields file, ModelConfigBuilder config) {
        Fields keys = file.keys();
        int window = keys.integer(GGUF_WINDOW, 0);
        if (window == 0 || ggufPeriod.isEmpty()) {
            return;
        }
        if (keys.isArray(GGUF_PATTERN)) {
            List<Boolean> flags = keys.flags(GGUF_PATTERN);
            if (flags.size() < config.layers()) {
                throw keys.unsupported(GGUF_PATTERN, "true or false for each of %d layers".formatted(config.layers()));
            }
            set(config, window, flags::get);
        } else {
            int period = keys.size(GGUF_PATTERN, ggufPeriod.getAsInt());
            set(config, window, layer -> (layer + 1) % period != 0);
        }
    }

    @Override
    public void writeGguf(ModelConfig config, GgufKeys keys) {
        if (!config.isWindowed()) {
            return;
        }
        if (ggufPeriod.isEmpty()) {
            throw Settings.noPlace(config, "windows of attention");
        }
        boolean regular = true;
        List<Boolean> flags = new ArrayList<>();
        for (int layer = 0; layer < config.layers(); layer++) {
            flags.add(isSliding(config, layer));
            regular &= isSliding(config, layer) == ((layer + 1) % ggufPeriod.getAsInt() != 0);
        }
        keys.integer(GGUF_WINDOW, config.attention().get(flags.indexOf(true)).window());
        if (!regular) {
            keys.flags(GGUF_PATTERN, flags);
        }
    }
}
