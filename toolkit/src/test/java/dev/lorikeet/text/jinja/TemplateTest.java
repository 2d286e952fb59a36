package dev.lorikeet.text.jinja;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.base.StoppedException;
import dev.lorikeet.text.jinja.value.JinjaException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Expressions give what Jinja2 gives, or are refused; and no template takes all time or memory. */
class TemplateTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    private static String render(String template) {
        return Template.of(template).render(Map.of("none_given", List.of())).text();
    }

    private static String value(String expression) {
        return render("{{ " + expression + " }}");
    }

    /** What Jinja2 3.1 gives. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "'{} and {}'.format('a', 1) ~ a and 1",
                "'{1}{0}{x}{{}}'.format('a', 2, x=none) ~ 2aNone{}",
                "{'b':1,'a':2}|dictsort(reverse=true)|map('first')|join ~ ba",
                "{'b':1,'a':2}|dictsort(by='value')|map('first')|join ~ ba",
                "{'B':1,'a':2}|dictsort(true)|map('first')|join ~ Ba",
                "['a','A']|unique(case_sensitive=true)|join ~ aA",
                "['a','A','b',1,1.0,true,'1']|unique|list ~ ['a', 'b', 1, '1']",
                "[{'x':1,'y':2},{'x':1,'y':3}]|unique(attribute='x')|map(attribute='y')|list ~ [2]",
                "['b','A','c']|sort(case_sensitive=true)|join ~ Abc",
                "['b','A','c']|max ~ c",
                "[{'x':3},{'x':5}]|min(attribute='x') ~ {'x': 3}",
                "[]|min|default('nothing') ~ nothing",
                "2.567|round(2,'floor') ~ 2.56",
                "2.561|round(1,method='ceil') ~ 2.6",
                "2.5|round ~ 2.0",
                "1.5|round(2000000000) ~ 1.5",
                "'ff'|int(base=16) ~ 255",
                "'0b101'|int(0, 2) ~ 5",
                "'zz'|int(7, 16) ~ 7",
                "[1,2]|sum(start=10) ~ 13",
                "'aaa'.count('') ~ 4",
                "'banana'.count('an') ~ 2",
                "'ab'|replace('', '-') ~ -a-b-",
                "'aXbXc'|replace('X', '--', 1) ~ a--bXc",
                "' a  b c '.split() ~ ['a', 'b', 'c']",
                "' a  b c '.split(none, 1) ~ ['a', 'b c']",
                "'a,b,,c'.split(',') ~ ['a', 'b', '', 'c']",
                "'a,b,c'.split(',', 1) ~ ['a', 'b,c']",
                "'a,b,c'.rsplit(',', 1) ~ ['a,b', 'c']",
                "'abc'[1::9223372036854775807] ~ b",
                "'abc'[::-1] ~ cba",
                "[1,2,3][::-2] ~ [3, 1]",
                "'%s' % none ~ None",
                "none is sameas none ~ True",
                "[1]|join(none) ~ 1",
                "8 is divisibleby(4) ~ True",
                "range(5, 1, -2)|list ~ [5, 3]",
                "range(-9223372036854775807, -9223372036854775805)|list ~ [-9223372036854775807, -9223372036854775806]",
                "'a\\nb'|indent(-1) ~ `a\nb`",
                "[1]|tojson(indent=-1) ~ `[\n1\n]`"
            })
    void equalsJinja2(String expression, String expected) {
        assertEquals(expected.replace("`", ""), value(expression));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "99999999999999999999",
                "[1].99999999999999999999",
                "9223372036854775807 + 1",
                "9223372036854775807 * 2",
                "10 ** 400",
                "4 is divisibleby(0)",
                "[1]|tojson(indent=1.5)",
                "[1]|tojson(separators=[1,2])",
                "[1]|tojson(separators=[])",
                "{1:2,'a':3}|tojson(sort_keys=true)",
                "[1]|map(filter='upper', x=1)|list",
                "[1]|map",
                "'a'.startswith(none)",
                "'a'.removeprefix(none)",
                "'a'.find(none)",
                "'a'.find('b', 1)",
                "'a'|upper(1)",
                "'a'|indent(width=1, heigth=2)",
                "{'a':1}|dictsort(by='size')",
                "1.5|round(1, 'up')",
                "range(1, 9223372036854775807)",
                "range(-9223372036854775807, 9223372036854775807)",
                "1/0"
            })
    void refusesWhatCannotBe(String expression) {
        assertThrows(JinjaException.class, () -> value(expression));
    }

    @Test
    void aCycleOfNothingIsRefused() {
        assertThrows(JinjaException.class, () -> render("{% for i in [1] %}{{ loop.cycle() }}{% endfor %}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}",
                "{% macro f(n) %}{% if n %}{{ f(n-1) }}{{ f(n-1) }}{% endif %}{% endmacro %}{{ f(60) }}",
                "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
                "{% set ns = namespace(s='a') %}{% for i in range(100) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
                "{% set ns = namespace(s='a') %}{% for i in range(100) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
                "{% set ns = namespace(s=[1]) %}{% for i in range(100) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
                "{% set ns = namespace(s=[1]) %}{% for i in range(90) %}{% set ns.s = [ns.s, ns.s] %}{% endfor %}{{ ns.s }}",
                "{% set ns = namespace(s=[1]) %}{% for i in range(90) %}{% set ns.s = [ns.s, ns.s] %}{% endfor %}{{ ns.s|tojson }}",
                "{{ 'a\nb'|indent(2000000000) }}",
                "{{ [1]|tojson(indent=2000000000) }}",
                "{{ ('a' * 1000000)|replace('a', 'b' * 10000)|length }}",
                "{{ 'a' * 9223372036854775807 }}",
                "{{ range(100000)|join('a' * 100000) }}",
                "{% for i in range(1000) %}{{ range(100000)|list|length }}{% endfor %}"
            })
    void aTemplateHasABudget(String template) {
        JinjaException e = assertThrows(
                JinjaException.class, () -> assertTimeoutPreemptively(SOON, () -> render(template)), template);
        assertTrue(e.getMessage().matches("(?s).*(steps|characters|without an end).*"), e.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "{{ range(100000)|unique|length }}~100000",
                "{{ ('a,' * 1000000).split(',')|length }}~1000001",
                "{{ 1.5|round(100000000) }}~1.5"
            })
    void whatIsLargeButAllowedIsQuick(String template, String expected) {
        assertTimeoutPreemptively(SOON, () -> assertEquals(expected, render(template)));
    }

    @Test
    void aLongConversationIsWithinTheBudget() {
        List<Map<String, Object>> messages = IntStream.range(0, 20_000)
                .mapToObj(i ->
                        Map.<String, Object>of("role", i % 2 == 0 ? "user" : "assistant", "content", "x".repeat(200)))
                .toList();
        String template = "{% for m in messages %}{{ '<|' + m.role + '|>' }}{% if m.content is string %}"
                + "{% for part in m.content.split('y') %}{{ part|trim }}{% endfor %}{% endif %}{{ messages[loop.index0].role }}{% endfor %}";
        String text = Template.of(template).render(Map.of("messages", messages)).text();
        assertTrue(text.length() > 20_000 * 200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "[", "not ", "-", "{1:"})
    void depthIsRefusedAndDoesNotOverflow(String opening) {
        assertThrows(JinjaException.class, () -> Template.of("{{ " + opening.repeat(200_000) + "1 }}"));
    }

    @Test
    void manyBranchesAreRefusedOrRead() {
        String branches = "{% if a %}" + "{% elif b %}".repeat(50_000) + "{% endif %}";
        try {
            assertEquals("", Template.of(branches).render(Map.of()).text());
        } catch (JinjaException e) {
            assertTrue(e.getMessage().contains("deep") || e.getMessage().contains("without an end"), e.getMessage());
        }
    }

    @Test
    void theStopButtonIsHeard() {
        Thread.currentThread().interrupt();
        try {
            assertThrows(
                    StoppedException.class,
                    () -> render("{% for i in range(100000) %}{% for j in range(10) %}{% endfor %}{% endfor %}"));
        } finally {
            assertFalse(Thread.interrupted(), "the flag is cleared");
        }
    }

    @Test
    void oneRenderingDoesNotChargeTheNext() {
        String template = "{% for i in range(90000) %}{% for j in range(10) %}{% endfor %}{% endfor %}";
        Template half = Template.of(template);
        for (int i = 0; i < 3; i++) {
            assertEquals("", half.render(Map.of()).text());
        }
    }
}
