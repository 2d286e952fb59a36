package dev.lorikeet.train.score;

import dev.lorikeet.base.Quantities;
import dev.lorikeet.base.Renderable;
import dev.lorikeet.text.span.Span;
import dev.lorikeet.text.span.Tagged;
import dev.lorikeet.train.score.ClassificationReport.ClassScore;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import tech.tablesaw.api.Table;

/**
 * Precision, recall and F1 of the spans that a tagger finds, as seqeval computes them: a span counts as found only with the same
 * beginning, the same end and the same label. A share of nothing counts as 0.
 *
 * @param kinds a row for each kind of span; the support is its number of spans
 * @param micro of all spans together
 * @param macro the plain mean over the kinds
 * @param texts how many there were
 */
public record SpanReport(List<ClassScore> kinds, ClassScore micro, ClassScore macro, int texts) implements Renderable {

    public SpanReport {
        kinds = List.copyOf(kinds);
    }

    /**
     * Compares the spans of texts.
     *
     * @param expected the right ones of each text
     * @param found what the model says of the same texts
     */
    public static SpanReport of(List<String> kinds, List<Tagged> expected, List<Tagged> found) {
        List<ClassScore> rows = kinds.stream()
                .map(kind -> score(kind, expected, found, kind::equals))
                .toList();
        return new SpanReport(
                rows,
                score("micro average", expected, found, kind -> true),
                new ClassScore(
                        "macro average",
                        mean(rows, ClassScore::precision),
                        mean(rows, ClassScore::recall),
                        mean(rows, ClassScore::f1),
                        rows.stream().mapToInt(ClassScore::support).sum()),
                expected.size());
    }

    private static ClassScore score(String name, List<Tagged> expected, List<Tagged> found, Predicate<String> counts) {
        int right = 0;
        int given = 0;
        int said = 0;
        for (int i = 0; i < expected.size(); i++) {
            List<Span> own = spans(expected.get(i), counts);
            List<Span> other = spans(found.get(i), counts);
            given += own.size();
            said += other.size();
            right += (int) other.stream()
                    .filter(span -> own.stream().anyMatch(span::matches))
                    .count();
        }
        double f1 = given + said == 0 ? 0 : 2.0 * right / (given + said);
        return new ClassScore(name, share(right, said), share(right, given), f1, given);
    }

    private static List<Span> spans(Tagged text, Predicate<String> counts) {
        return text.spans().stream().filter(span -> counts.test(span.label())).toList();
    }

    private static double share(int part, int whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }

    private static double mean(List<ClassScore> rows, ToDoubleFunction<ClassScore> value) {
        return rows.stream().mapToDouble(value).average().orElse(0);
    }

    /** The F1 of all spans together, 0 to 1: what papers call entity F1. */
    public double f1() {
        return micro.f1();
    }

    /** A table with the columns "kind", "precision", "recall", "f1" (each 0 to 1) and "support"; the averages come last. */
    public Table table() {
        return look().table();
    }

    private ScoreRows look() {
        String title = "%s in %s, F1 %s"
                .formatted(
                        Quantities.counted(micro.support(), "span"),
                        Quantities.counted(texts, "text"),
                        Quantities.percent(f1()));
        return new ScoreRows(title, "Kind", "Spans", kinds, List.of(micro, macro));
    }

    @Override
    public String toString() {
        return look().text();
    }

    @Override
    public String html() {
        return look().html();
    }
}
