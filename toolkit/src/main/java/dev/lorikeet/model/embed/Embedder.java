package dev.lorikeet.model.embed;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.Progress;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.model.block.FiniteCheck;
import dev.lorikeet.model.block.ForwardContext;
import dev.lorikeet.model.block.Transformer;
import dev.lorikeet.model.input.ModelInput;
import dev.lorikeet.model.input.SimilarLengths;
import dev.lorikeet.model.input.TokenIds;
import dev.lorikeet.model.io.LoadedModel;
import dev.lorikeet.model.io.ModelLock;
import dev.lorikeet.tensor.Ops;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import tech.tablesaw.columns.Column;

/** Turns texts into vectors with a model: {@code model.embedder().pooling(CLS).embed(texts)}. Each method gives a new one. */
public final class Embedder {

    /** Fewer texts are done too soon to need a progress bar. */
    private static final int TEXTS_WITH_PROGRESS = 200;

    private final LoadedModel model;
    private final Supplier<ModelLock.Use> use;
    private final TextPooling pooling;
    private final boolean normalized;
    private final int longest;

    private Embedder(
            LoadedModel model, Supplier<ModelLock.Use> use, TextPooling pooling, boolean normalized, int longest) {
        this.model = model;
        this.longest = longest;
        this.use = use;
        this.pooling = pooling;
        this.normalized = normalized;
    }

    /**
     * Pools as the model's files say (those of sentence-transformers), else takes the mean of an encoder's tokens or the last token
     * of a decoder; the vectors have length 1.
     *
     * @param use begins a use of the model
     */
    public static Embedder of(LoadedModel model, Supplier<ModelLock.Use> use) {
        TextPooling usual = model.config().isEncoder() ? TextPooling.MEAN : TextPooling.LAST_TOKEN;
        int context = model.config().contextLength();
        return new Embedder(
                model,
                use,
                model.origin().flatMap(SentenceFiles::pooling).orElse(usual),
                true,
                Math.min(context, model.origin().flatMap(SentenceFiles::longest).orElse(context)));
    }

    /** Sets which tokens a vector is made from. */
    public Embedder pooling(TextPooling value) {
        return new Embedder(model, use, BadArgumentException.required(value, "pooling"), normalized, longest);
    }

    /** Sets whether vectors are scaled to length 1; they are unless set. */
    public Embedder normalized(boolean value) {
        return new Embedder(model, use, pooling, value, longest);
    }

    /**
     * Cuts texts to so many tokens; unless set to what the model's files say, else to its context.
     *
     * @param tokens 1 to the context
     */
    public Embedder longest(int tokens) {
        int context = model.config().contextLength();
        BadArgumentException.unless(
                tokens > 0 && tokens <= context, "longest", tokens, "1 to " + context + ", the context");
        return new Embedder(model, use, pooling, normalized, tokens);
    }

    /** The most tokens of a text. */
    public int longest() {
        return longest;
    }

    /** The tokens that a vector is made from. */
    public TextPooling pooling() {
        return pooling;
    }

    /**
     * Embeds texts, each cut to {@link #longest()} tokens, in batches of similar length. Shows how far it has come if there are many.
     *
     * @return in the order of the texts
     * @throws StoppedException if the thread is interrupted
     * @throws dev.lorikeet.base.NonFiniteException if a vector has a NaN or is infinite
     */
    public Embeddings embed(List<String> texts) {
        BadArgumentException.required(texts, "texts").forEach(text -> BadArgumentException.required(text, "a text"));
        BadArgumentException.unless(!texts.isEmpty(), "texts", texts, "at least one text");
        try (ModelLock.Use held = use.get()) {
            int[][] ids = texts.stream().map(this::encode).toArray(int[][]::new);
            float[][] vectors = new float[ids.length][];
            int done = 0;
            try (Progress progress = ids.length < TEXTS_WITH_PROGRESS
                    ? Progress.silent("Embedding", ids.length)
                    : Progress.start("Embedding", ids.length)) {
                int[] widths = Arrays.stream(ids).mapToInt(row -> row.length).toArray();
                for (List<Integer> rows : SimilarLengths.batches(widths, (shorter, longer) -> true)) {
                    StoppedException.check("Embedding was stopped after %d of %d texts".formatted(done, ids.length));
                    embed(rows, ids, vectors, texts);
                    done += rows.size();
                    progress.at(done, "");
                }
            }
            return new Embeddings(List.copyOf(texts), vectors, this);
        }
    }

    /** Embeds texts; see {@link #embed(List)}. */
    public Embeddings embed(String... texts) {
        return embed(List.of(texts));
    }

    /** Embeds the texts of a column; see {@link #embed(List)}. */
    public Embeddings embed(Column<?> texts) {
        return embed(IntStream.range(0, texts.size()).mapToObj(texts::getString).toList());
    }

    /** An empty text is one padding token. */
    private int[] encode(String text) {
        int[] ids = model.tokenizer().encodeCut(text, longest);
        return ids.length == 0 ? new int[] {model.padId()} : ids;
    }

    private void embed(List<Integer> rows, int[][] ids, float[][] vectors, List<String> texts) {
        int width = ids[rows.get(rows.size() - 1)].length;
        int[][] batch = new int[rows.size()][];
        int[] lengths = new int[batch.length];
        for (int i = 0; i < batch.length; i++) {
            int[] own = ids[rows.get(i)];
            lengths[i] = own.length;
            batch[i] = model.padded(own, width);
        }
        float[] all = pooled(batch, lengths);
        int size = all.length / batch.length;
        for (int i = 0; i < batch.length; i++) {
            float[] vector = Arrays.copyOfRange(all, i * size, (i + 1) * size);
            String text = texts.get(rows.get(i));
            FiniteCheck.logits(vector, model.transformer(), () -> "The vector of %s for the text \"%s\""
                    .formatted(model.name(), text));
            vectors[rows.get(i)] = vector;
        }
    }

    private float[] pooled(int[][] batch, int[] lengths) {
        Transformer transformer = model.transformer();
        try (NDManager scope = model.manager().newSubManager()) {
            ForwardContext context = ModelInput.padded(batch, lengths, ForwardContext.Reading.MEAN)
                    .context(scope, false);
            NDArray hidden =
                    transformer.hidden(TokenIds.of(scope, batch, model.config().vocabSize()), context);
            NDArray states = transformer.normalised(hidden, context);
            return Ops.textVectors(states, context.paddingMask(), pooling.ordinal(), normalized)
                    .toFloatArray();
        }
    }

    @Override
    public String toString() {
        return "Embedder of %s by %s%s".formatted(model.name(), pooling, normalized ? ", vectors of length 1" : "");
    }
}
