package dev.lorikeet.notebook.cells;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import jdk.jshell.JShell;
import org.junit.jupiter.api.Test;

class JavadocTest {

    @Test
    void tagsBecomeReadableText() {
        Javadoc found = Javadoc.of(
                "dev.lorikeet.lora.LoraBuilder Lora.rank(int rank)",
                """
                Starts with {@code rank < 9}, as {@link #on(String) on} and {@link java.util.List#of} do.
                <p>More: {@literal a & b}.
                <pre>{@code
                var lora = Lora.rank(4);
                }</pre>

                @param rank the number of rows,
                    from 1
                @return the builder
                @throws java.io.IOException if not
                @since 1
                """);

        assertEquals(
                """
                LoraBuilder Lora.rank(int rank)
                Starts with rank < 9, as on and List.of do.
                More: a & b.
                var lora = Lora.rank(4);
                  Parameter rank: the number of rows, from 1
                  Returns: the builder
                  Throws IOException: if not"""
                        .replaceAll("\\s+", " "),
                found.text().replaceAll("\\s+", " "));
        assertTrue(found.text().contains("\nMore: a & b."), found.text());
        assertTrue(found.text().contains("\nvar lora = Lora.rank(4);"), found.text());
        String html = found.html();
        assertTrue(html.contains("<code>rank &lt; 9</code>") && html.contains("a &amp; b"), html);
        assertTrue(html.contains("<i>Parameter</i> <code>rank</code>: the number of rows"), html);
    }

    @Test
    void noTagIsLeft() {
        Javadoc found =
                Javadoc.of("T A<T extends A<T>>.f(T t)", "One {@link A}, {@value #B}, {@unknown c} and {@code {}}.");

        assertEquals("T A.f(T t)\nOne A, B, c and {}.", found.text());
        assertEquals("f()", Javadoc.of("f()", null).text());
        assertEquals("f()\nHalf x", Javadoc.of("f()", "Half {@code x").text());
    }

    @Test
    void theCallAtTheCursorIsFound() {
        try (JShell shell = JShell.builder().executionEngine("local").build()) {
            String code = "Math.abs (1)";
            for (int cursor : List.of(5, 8)) {
                String text = CellHelp.at(shell, code, cursor).orElseThrow().text();
                assertTrue(text.contains("int Math.abs(int a)"), text);
            }
            assertTrue(CellHelp.at(shell, "", 0).isEmpty());
        }
    }

    @Test
    void theMethodsOfEveryObjectDoNotFillTheList() {
        List<String> proposals = List.of("alpha(", "equals(", "getClass()", "wait(");

        assertEquals(List.of("alpha("), Completions.shown(proposals, true));
        assertEquals(proposals, Completions.shown(proposals, false));
        assertEquals(List.of("wait("), Completions.shown(List.of("wait("), true));
    }
}
