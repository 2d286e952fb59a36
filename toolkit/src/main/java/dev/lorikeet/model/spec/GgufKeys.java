package dev.lorikeet.model.spec;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The metadata that is written into a GGUF file, with the types that llama.cpp expects, and small tensors beside the weights. */
public final class GgufKeys {

    private final String prefix;
    private final Map<String, Object> keys = new LinkedHashMap<>();
    private final Map<String, float[]> tensors = new LinkedHashMap<>();

    public GgufKeys(String architecture) {
        this.prefix = architecture + ".";
    }

    /** Writes an unsigned 32-bit integer. */
    public void integer(String key, long value) {
        keys.put(prefix + key, value);
    }

    /** Writes a float32. */
    public void number(String key, double value) {
        keys.put(prefix + key, (float) value);
    }

    public void text(String key, String value) {
        keys.put(prefix + key, value);
    }

    public void flags(String key, List<Boolean> value) {
        keys.put(prefix + key, value);
    }

    /** Writes a tensor of one axis in float32. */
    public void tensor(String name, float[] elements) {
        tensors.put(name, elements);
    }

    public Map<String, Object> keys() {
        return Collections.unmodifiableMap(keys);
    }

    public Map<String, float[]> tensors() {
        return Collections.unmodifiableMap(tensors);
    }
}
