package dev.lorikeet.notebook.view;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A MIME bundle: a value in several formats, of which the front end shows the richest that it supports.
 *
 * @param data content by MIME type, created on demand: a string, or maps and lists for JSON
 * @param metadata metadata by MIME type
 */
public record MimeBundle(Map<String, Supplier<Object>> data, Map<String, Object> metadata) {

    public static final String TEXT = "text/plain";
    public static final String HTML = "text/html";
    public static final String PNG = "image/png";
    public static final String PLOTLY = "application/vnd.plotly.v1+json";

    /** The empty bundle, which leaves the value to the kernel. */
    public static final MimeBundle NONE = new MimeBundle(Map.of(), Map.of());

    public static MimeBundle text(String text) {
        return NONE.with(TEXT, () -> text);
    }

    public static MimeBundle html(String html, String text) {
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
