package dev.lorikeet.text.jinja;

import java.util.ArrayList;
import java.util.List;

/** The text that a template has written. */
final class Output {

    final StringBuilder text = new StringBuilder();

    /** The places of the {@code generation} blocks, if they were written straight into this. */
    final List<Template.Stretch> generated = new ArrayList<>();
}
