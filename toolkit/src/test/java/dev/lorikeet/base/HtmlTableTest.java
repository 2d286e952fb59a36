package dev.lorikeet.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class HtmlTableTest {

    @Test
    void numbersStandToTheRightAndTextToTheLeft() {
        String html = HtmlTable.of("layer", "parameters")
                .row("head", 1538)
                .row("body", 124_439_808L)
                .html();

        assertTrue(html.matches("(?s).*<td[^>]*text-align: left[^>]*>head</td>.*"), html);
        assertTrue(html.matches("(?s).*<td[^>]*text-align: right[^>]*>124,439,808</td>.*"), html);
        assertTrue(html.matches("(?s).*<th[^>]*text-align: right[^>]*>parameters</th>.*"), html);
        assertTrue(html.matches("(?s).*<th[^>]*text-align: left[^>]*>layer</th>.*"), html);
    }

    @Test
    void textIsEscapedAndNothingElseOfItReachesThePage() {
        String html = HtmlTable.of("<b>")
                .title("a & b")
                .row("<script>x</script>")
                .caption("1 < 2")
                .html();

        assertFalse(html.contains("<script>"), html);
        assertTrue(html.contains("&lt;script&gt;x&lt;/script&gt;"), html);
        assertTrue(html.contains("a &amp; b") && html.contains("1 &lt; 2") && html.contains("&lt;b&gt;"), html);
    }

    @Test
    void aLongTextIsCutAndItsTipHoldsMoreOfIt() {
        String html = HtmlTable.of("text").row("x".repeat(5000)).html();

        assertTrue(html.contains(">" + "x".repeat(300) + "…</td>"), html);
        assertTrue(html.contains("title=\"" + "x".repeat(1000) + "…\""), html);
        assertTrue(HtmlTable.of("text").row("y".repeat(299) + "😀").html().contains(">" + "y".repeat(299) + "…<"));
    }

    @Test
    void aMissingValueIsADash() {
        assertTrue(HtmlTable.of("n").row(1).row((Object) null).html().contains(">–</span>"));
    }

    @Test
    void aTotalIsBold() {
        assertTrue(HtmlTable.of("a", "n").row("x", 1).total("sum", 12345).html().contains("<b>12,345</b>"));
    }

    @Test
    void numbersKeepFourDigits() {
        assertEquals("2024", HtmlTable.format(2024));
        assertEquals("50,257", HtmlTable.format(50_257));
        assertEquals("-12,000", HtmlTable.format(-12_000L));
        assertEquals("0.4123", HtmlTable.format(0.41234).substring(0, 6));
        assertEquals("474.7", HtmlTable.format(474.7035));
        assertEquals("3.142", HtmlTable.format(Math.PI));
        assertEquals("12,345.7", HtmlTable.format(12345.678));
        assertEquals("5.000e-05", HtmlTable.format(5e-5));
        assertEquals("1.0", HtmlTable.format(1.0));
        assertEquals("0.0", HtmlTable.format(0.0));
        assertEquals("NaN", HtmlTable.format(Double.NaN));
    }
}
