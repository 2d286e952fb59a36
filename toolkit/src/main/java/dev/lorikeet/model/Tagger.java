package dev.lorikeet.model;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.model.block.ForwardContext.Reading;
import dev.lorikeet.model.family.Families;
import dev.lorikeet.model.input.ModelInput;
import dev.lorikeet.model.input.TextBatches;
import dev.lorikeet.model.input.TextRow;
import dev.lorikeet.model.io.LoadedModel;
import dev.lorikeet.model.io.ModelLock;
import dev.lorikeet.model.io.NewHead;
import dev.lorikeet.model.io.TaskHead;
import dev.lorikeet.model.io.WeightSource;
import dev.lorikeet.model.spec.HeadTask;
import dev.lorikeet.text.span.TagScheme;
import dev.lorikeet.text.span.Tagged;
import dev.lorikeet.text.span.TextWords;
import dev.lorikeet.text.span.Word;
import java.util.List;
import java.util.stream.IntStream;
import tech.tablesaw.columns.Column;

/** A model that finds spans in a text, such as names of places: it gives each word a tag, by the state of the word's first token. */
public final class Tagger extends TaskModel {

    private final TagScheme scheme;

    private Tagger(LoadedModel parts, Adapters adapters, TagScheme scheme) {
        super(parts, adapters, scheme.tags());
        this.scheme = scheme;
    }

    /** Makes a tagger with a new head. */
    static Tagger on(LoadedModel parts, Adapters adapters, TagScheme scheme, long seed) {
        NewHead.drawn(parts, HeadTask.TAGS, scheme.tags().size(), seed);
        return new Tagger(parts, adapters, scheme);
    }

    /** Makes a tagger with a head that was trained already, and freezes it as all loaded models are. */
    static Tagger of(LoadedModel parts, WeightSource source, TaskHead head) {
        NewHead.read(parts, source, head);
        Tagger tagger = new Tagger(parts, new Adapters(), new TagScheme(head.labels()));
        tagger.freeze(true);
        return tagger;
    }

    @Override
    public HeadTask task() {
        return HeadTask.TAGS;
    }

    @Override
    public Tagger merge() {
        mergeAdapters();
        return this;
    }

    /** How tags of words say where spans are; its tags are {@link #labels}. */
    public TagScheme scheme() {
        return scheme;
    }

    /** The kinds of spans that it finds. */
    public List<String> kinds() {
        return scheme.kinds();
    }

    /** Finds the spans of one text; what is beyond the model's context has none. */
    public Tagged tag(String text) {
        return tag(List.of(BadArgumentException.required(text, "text"))).get(0);
    }

    /** Finds the spans of the texts in a column; see {@link #tag(List)}. */
    public List<Tagged> tag(Column<?> texts) {
        return tag(IntStream.range(0, texts.size()).mapToObj(texts::getString).toList());
    }

    /**
     * Finds the spans of texts; what is beyond the model's context has none.
     *
     * @return in the order of the texts
     * @throws dev.lorikeet.base.StoppedException if the thread is interrupted
     * @throws dev.lorikeet.base.NonFiniteException if a logit is NaN or infinite
     */
    public List<Tagged> tag(List<String> texts) {
        BadArgumentException.required(texts, "texts").forEach(text -> BadArgumentException.required(text, "a text"));
        try (ModelLock.Use use = use("tagging")) {
            List<TextWords> cut = texts.stream()
                    .map(text -> TextWords.of(text, tokenizer(), config().contextLength()))
                    .toList();
            Tagged[] tagged = new Tagged[texts.size()];
            TextBatches.of("Tagging", padId())
                    .each(
                            cut.stream()
                                    .map(text -> new TextRow(text.ids(), null))
                                    .toList(),
                            batch -> {
                                List<List<Word>> words = batch.numbers().stream()
                                        .map(number -> cut.get(number).words())
                                        .toList();
                                float[][] logits = logits(batch, words);
                                int next = 0;
                                for (int i = 0; i < words.size(); i++) {
                                    int number = batch.numbers().get(i);
                                    int to = next + words.get(i).size();
                                    tagged[number] = tagged(
                                            texts.get(number),
                                            words.get(i),
                                            List.of(logits).subList(next, to));
                                    next = to;
                                }
                            });
            return List.of(tagged);
        }
    }

    private float[][] logits(TextBatches.TextBatch batch, List<List<Word>> words) {
        int width = batch.ids()[0].length;
        long[] rows = IntStream.range(0, words.size())
                .boxed()
                .flatMap(i -> words.get(i).stream().map(word -> (long) i * width + word.token()))
                .mapToLong(Long::longValue)
                .toArray();
        return rows.length == 0 ? new float[0][] : outputs(input(batch.ids(), batch.lengths()), rows);
    }

    private Tagged tagged(String text, List<Word> words, List<float[]> logits) {
        int[] tags = new int[words.size()];
        double[] probabilities = new double[tags.length];
        for (int i = 0; i < tags.length; i++) {
            checkFinite(logits.get(i), text);
            Prediction prediction = Prediction.of(text, labels(), logits.get(i));
            tags[i] = labels().indexOf(prediction.label());
            probabilities[i] = prediction.probability();
        }
        return new Tagged(text, scheme.spans(words, tags, probabilities));
    }

    /**
     * What a pass over padded rows reads.
     *
     * @param lengths real tokens of each row
     */
    public ModelInput input(int[][] ids, int[] lengths) {
        if (!config().isEncoder()) {
            return ModelInput.of(ids, null);
        }
        boolean pools = Families.named(config().family()).pools(task());
        return ModelInput.padded(ids, lengths, pools ? Reading.POOLED : Reading.TOKENS);
    }
}
