package dev.lorikeet.text.jinja;

import java.util.ArrayList;
import java.util.List;

/** What a template has written. */
final class Output {

    final StringBuilder text = new StringBuilder();

    /** Where the {@code generation} blocks stand, if they were written straight into this. */
    final List<Template.Span> generated = new ArrayList<>();
}
