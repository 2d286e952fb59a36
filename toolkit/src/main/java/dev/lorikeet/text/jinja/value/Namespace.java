package dev.lorikeet.text.jinja.value;

import java.util.Map;

/** The value of {@code namespace()}: values that may be set from inside a loop. */
public record Namespace(Map<String, Object> values) {}
