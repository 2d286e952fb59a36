package dev.lorikeet.model.generate;

import dev.lorikeet.model.generate.GenerationResult.Stop;
import dev.lorikeet.text.TokenStream;
import dev.lorikeet.text.Tokenizer;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Consumer;

/** What a model has written so far after one prompt. */
final class Sequence {

    private final String prompt;
    private final int[] ids;
    private final Sampler sampler;
    private final TokenStream stream;
    private final Consumer<String> listener;
    private final StringBuilder text = new StringBuilder();
    private final int[] written;
    private int count;
    private Stop stop;

    /**
     * @param room most tokens to write
     * @param full why it ends if it writes as many
     */
    Sequence(
            String prompt,
            int[] ids,
            Sampler sampler,
            Tokenizer tokenizer,
            int room,
            Stop full,
            Consumer<String> listener) {
        this.prompt = prompt;
        this.ids = ids;
        this.sampler = sampler;
        this.stream = new TokenStream(tokenizer, ids);
        this.written = new int[room];
        this.stop = full;
        this.listener = listener;
    }

    /** The prompt's ids. */
    int[] ids() {
        return ids;
    }

    /** Most tokens to write. */
    int room() {
        return written.length;
    }

    /** Tokens written so far. */
    int count() {
        return count;
    }

    String text() {
        return text.toString();
    }

    boolean isDone() {
        return count == written.length || stop == Stop.STOP_TOKEN;
    }

    /** Chooses a token by the logits, which are changed; gives it. */
    int next(float[] logits, Set<Integer> stops) {
        int chosen = sampler.next(logits);
        written[count++] = chosen;
        if (stops.contains(chosen)) {
            stop = Stop.STOP_TOKEN;
        } else {
            emit(stream.next(chosen));
        }
        return chosen;
    }

    private void emit(String piece) {
        if (!piece.isEmpty()) {
            text.append(piece);
            listener.accept(piece);
        }
    }

    /**
     * @param writing seconds from the first token to the last
     * @param whole seconds of the whole
     */
    GenerationResult end(double writing, double whole) {
        emit(stream.rest());
        double pace = count < 2 ? 0 : (count - 1) / writing;
        return new GenerationResult(prompt, text(), Arrays.copyOf(written, count), stop, pace, whole);
    }
}
