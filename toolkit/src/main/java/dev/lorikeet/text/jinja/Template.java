package dev.lorikeet.text.jinja;

import dev.lorikeet.text.jinja.value.Budget;
import dev.lorikeet.text.jinja.value.Callable;
import dev.lorikeet.text.jinja.value.Globals;
import dev.lorikeet.text.jinja.value.JinjaException;
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
    public record Stretch(int start, int end) {}

    /**
     * A text that was written.
     *
     * @param generated the parts between {@code generation} and {@code endgeneration}, in order
     */
    public record Rendered(String text, List<Stretch> generated) {}

    /** @throws JinjaException if the template is none, or uses what is not supported */
    public static Template of(String source) {
        try {
            return new Template(new StatementParser(Lexer.tokens(source)).template());
        } catch (StackOverflowError e) {
            throw new JinjaException("its expressions or blocks lie in one another too deep");
        }
    }

    /**
     * Writes the template.
     *
     * @param variables null, Boolean, Long, Double, String, List, Map and {@link Callable}
     * @throws JinjaException if the template raises one, what it says cannot be done with these values, or it takes more steps
     *     or longer texts than a chat needs
     * @throws dev.lorikeet.base.StoppedException if the thread is interrupted
     */
    public Rendered render(Map<String, ?> variables) {
        Scope globals = new Scope(null);
        Globals.all().forEach(globals::set);
        Scope scope = new Scope(globals);
        variables.forEach(scope::set);
        Output output = new Output();
        try {
            Budget.within(variables, () -> body.run(scope, output));
        } catch (StackOverflowError e) {
            throw new JinjaException("its macros or values lie in one another without an end");
        }
        return new Rendered(output.text.toString(), List.copyOf(output.generated));
    }
}
