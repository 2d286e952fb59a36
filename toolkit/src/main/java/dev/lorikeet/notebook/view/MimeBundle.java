package dev.lorikeet.notebook;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A MIME bundle: a value in several formats, of which the front end shows the richest that it supports.
 *
 * @param data content by MIME type, created on demand: a string, or maps and lists for JSON
 * @param metadata metadata by MIME type
 */
record MimeBundle(Map<String, Supplier<Object>> data, Map<String, Object> metadata) {

    static final String TEXT = "text/plain";
    static final String HTML = "text/html";
    static final String PNG = "image/png";
    static final String PLOTLY = "application/vnd.plotly.v1+json";

    /** The empty bundle, which leaves the value to the kernel. */
    static final MimeBundle NONE = new MimeBundle(Map.of(), Map.of());

    static MimeBundle text(String text) {
        return NONE.with(TEXT, () -> text);
    }

    static MimeBundle html(String html, String text) {
        return text(text).with(HTML, () -> html);
    }

    MimeBundle with(String type, Supplier<Object> content) {
        Map<String, Supplier<Object>> more = new LinkedHashMap<>(data);
        more.put(type, content);
        return new MimeBundle(more, metadata);
    }

    MimeBundle withMetadata(String type, Object about) {
        Map<String, Object> more = new LinkedHashMap<>(metadata);
        more.put(type, about);
        return new MimeBundle(data, more);
    }
}
