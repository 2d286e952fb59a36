package dev.lorikeet.train.score;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.Tables;
import dev.lorikeet.data.span.SpanData;
import dev.lorikeet.model.Predictions;
import dev.lorikeet.model.Tagger;
import dev.lorikeet.text.span.TagScheme;
import dev.lorikeet.text.span.Tagged;
import dev.lorikeet.text.span.TextWords;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Evaluates a tagger on texts whose spans are known. A known span that begins or ends within a word takes the whole of it. */
public final class TaggerEvaluation {

    private final Tagger model;

    public TaggerEvaluation(Tagger model) {
        this.model = BadArgumentException.required(model, "model");
    }

    /**
     * Computes precision, recall and F1 of the spans.
     *
     * @throws dev.lorikeet.base.UnknownNameException if a span is of a kind that the model does not know
     * @throws dev.lorikeet.base.StoppedException if interrupted
     */
    public SpanReport on(SpanData data) {
        return SpanReport.of(model.kinds(), expected(data), found(data));
    }

    /**
     * Finds the texts whose spans are not all found, or with spans that are none.
     *
     * @return the columns "text", "spans" and "predicted"
     */
    public Table mistakes(SpanData data) {
        List<Tagged> expected = expected(data);
        List<Tagged> found = found(data);
        int[] wrong = IntStream.range(0, expected.size())
                .filter(row -> !expected.get(row).named().equals(found.get(row).named()))
                .toArray();
        return Tables.create(
                "%,d mistakes in %,d texts".formatted(wrong.length, expected.size()),
                column("text", wrong, row -> expected.get(row).text()),
                column("spans", wrong, row -> expected.get(row).named()),
                column(Predictions.PREDICTED, wrong, row -> found.get(row).named()));
    }

    private static StringColumn column(String name, int[] rows, IntFunction<String> value) {
        return StringColumn.create(name, Arrays.stream(rows).mapToObj(value).toList());
    }

    private List<Tagged> found(SpanData data) {
        return model.tag(data.texts().stream().map(Tagged::text).toList());
    }

    private List<Tagged> expected(SpanData data) {
        return data.texts().stream().map(this::ofWords).toList();
    }

    /** The spans as tags of words can say them. */
    private Tagged ofWords(Tagged text) {
        TagScheme scheme = model.scheme();
        TextWords words =
                TextWords.of(text.text(), model.tokenizer(), model.config().contextLength());
        double[] sure = new double[words.words().size()];
        Arrays.fill(sure, 1);
        int[] tags = scheme.tags(words.words(), text.spans());
        return new Tagged(text.text(), scheme.spans(words.words(), tags, sure));
    }

    @Override
    public String toString() {
        return "Evaluation of " + model.name();
    }
}
