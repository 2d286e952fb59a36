package dev.lorikeet.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.text.TokenStream;
import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Continues one sequence token by token over a key-value cache. */
final class Generator {

    private final CausalModel model;
    private final Generation settings;
    private final Set<Integer> stops;

    Generator(CausalModel model, Generation settings) {
        model.checkWrites();
        this.model = model;
        this.settings = settings;
        this.stops = settings.stopTokens().stream().map(this::stopId).collect(Collectors.toSet());
        model.tokenizer().eos().ifPresent(stops::add);
    }

    private int stopId(String token) {
        return model.tokenizer()
                .id(token)
                .orElseThrow(() ->
                        new UnknownNameException("stop token", token, List.of("any single token of the vocabulary")));
    }

    Generated continueFrom(String prompt, int[] ids, Consumer<String> listener) {
        long began = System.nanoTime();
        int room = model.config().context() - ids.length;
        BadArgumentException.unless(ids.length > 0, "prompt", prompt, "a text of at least one token");
        BadArgumentException.unless(
                room >= 0,
                "prompt's length",
                ids.length,
                "at most %d tokens, the context of %s".formatted(model.config().context(), model.name()));
        int limit = limit(ids.length);
        int[] written = new int[Math.min(limit, room)];
        int count = 0;
        Generated.Stop stop = room < limit ? Generated.Stop.CONTEXT_FULL : Generated.Stop.LENGTH;
        StringBuilder text = new StringBuilder();
        TokenStream stream = new TokenStream(model.tokenizer(), ids);
        Sampler sampler = new Sampler(settings, ids);
        long started = 0;
        try (NDManager scope = model.manager().newSubManager();
                KvCache cache = new KvCache(scope, model.config(), model.precision(), 1, ids.length + written.length)) {
            int[] next = ids;
            while (count < written.length) {
                StoppedException.check("Generation was stopped after " + count + " tokens: " + text);
                int chosen = sampler.next(lastLogits(scope, next, cache));
                started = started == 0 ? System.nanoTime() : started;
                written[count++] = chosen;
                if (stops.contains(chosen)) {
                    stop = Generated.Stop.STOP_TOKEN;
                    break;
                }
                emit(stream.next(chosen), text, listener);
                next = new int[] {chosen};
            }
        } finally {
            // Without this a model that only this call refers to may be freed while its last token is computed.
            Reference.reachabilityFence(model);
        }
        emit(stream.rest(), text, listener);
        double pace = count < 2 ? 0 : (count - 1) / ((System.nanoTime() - started) / 1e9);
        double seconds = (System.nanoTime() - began) / 1e9;
        return new Generated(prompt, text.toString(), Arrays.copyOf(written, count), stop, pace, seconds);
    }

    /** Most tokens to write after a prompt of this length. */
    private int limit(int prompt) {
        if (settings.maxLength() == 0) {
            return settings.maxTokens();
        }
        BadArgumentException.unless(
                settings.maxLength() > prompt,
                "maxLength",
                settings.maxLength(),
                "more than the prompt's " + prompt + " tokens");
        return Math.min(settings.maxTokens(), settings.maxLength() - prompt);
    }

    private static void emit(String piece, StringBuilder text, Consumer<String> listener) {
        if (!piece.isEmpty()) {
            text.append(piece);
            listener.accept(piece);
        }
    }

    private float[] lastLogits(NDManager parent, int[] ids, KvCache cache) {
        try (NDManager step = parent.newSubManager()) {
            Pass pass = Pass.of(step, false).cache(cache);
            NDArray hidden = model.transformer().hidden(model.ids(step, new int[][] {ids}), pass);
            NDArray last = step.create(new long[] {ids.length - 1});
            return model.transformer().logits(hidden, last, pass).toFloatArray();
        }
    }
}
