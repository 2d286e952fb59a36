package dev.lorikeet.notebook;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * One value in several forms, of which a front end shows the richest that it knows.
 *
 * @param data content by MIME type, made when asked for: a string, or maps and lists for JSON
 * @param metadata by MIME type
 */
record Bundle(Map<String, Supplier<Object>> data, Map<String, Object> metadata) {

    static final String TEXT = "text/plain";
    static final String HTML = "text/html";
    static final String PNG = "image/png";
    static final String PLOTLY = "application/vnd.plotly.v1+json";

    /** Leaves the value to the kernel. */
    static final Bundle NONE = new Bundle(Map.of(), Map.of());

    static Bundle text(String text) {
        return NONE.with(TEXT, () -> text);
    }

    static Bundle html(String html, String text) {
        return text(text).with(HTML, () -> html);
    }

    Bundle with(String type, Supplier<Object> content) {
        Map<String, Supplier<Object>> more = new LinkedHashMap<>(data);
        more.put(type, content);
        return new Bundle(more, metadata);
    }

    Bundle withMetadata(String type, Object about) {
        Map<String, Object> more = new LinkedHashMap<>(metadata);
        more.put(type, about);
        return new Bundle(data, more);
    }
}
