package dev.lorikeet.text.jinja;

import java.util.Map;

/** The value of {@code namespace()}: values that may be set from inside a loop. */
record Namespace(Map<String, Object> values) {}
