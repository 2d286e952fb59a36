package dev.lorikeet.text.jinja;

import java.util.Map;

/** What {@code namespace()} makes: values that may be set from inside a loop. */
record Namespace(Map<String, Object> values) {}
