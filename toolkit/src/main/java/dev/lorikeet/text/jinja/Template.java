package dev.lorikeet.text.jinja;

import java.util.List;
import java.util.Map;

/** A template that has been parsed. Safe to share between threads. */
public final class Template {

    private final Statement body;

    private Template(Statement body) {
        this.body = body;
    }

    /**
     * A part of a text.
     *
     * @param start its first character
     * @param end after its last
     */
    public record Span(int start, int end) {}

    /**
     * A text that was written.
     *
     * @param generated the parts between {@code generation} and {@code endgeneration}, in order
     */
    public record Rendered(String text, List<Span> generated) {}

    /** @throws JinjaException if the template is none, or uses what is not supported */
    public static Template of(String source) {
        return new Template(new StatementParser(Lexer.tokens(source)).template());
    }

    /**
     * Writes the template.
     *
     * @param variables null, Boolean, Long, Double, String, List, Map and {@link Callable}
     * @throws JinjaException if the template raises one, or what it says cannot be done with these values
     */
    public Rendered render(Map<String, ?> variables) {
        Scope globals = new Scope(null);
        Globals.all().forEach(globals::set);
        Scope scope = new Scope(globals);
        variables.forEach(scope::set);
        Output output = new Output();
        try {
            body.run(scope, output);
        } catch (StackOverflowError e) {
            throw new JinjaException("its macros call each other without an end");
        }
        return new Rendered(output.text.toString(), List.copyOf(output.generated));
    }
}
