package dev.lorikeet.model.generate;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.model.block.FiniteCheck;
import dev.lorikeet.model.block.Transformer;
import dev.lorikeet.text.Tokenizer;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Continues texts token by token over a key-value cache. Shorter prompts are padded on the left. */
public final class Generator {

    private final String name;
    private final Transformer transformer;
    private final Tokenizer tokenizer;
    private final GenerationConfig settings;
    private final Set<Integer> stops;

    /** @param name of the model, for messages */
    public Generator(String name, Transformer transformer, Tokenizer tokenizer, GenerationConfig settings) {
        this.name = name;
        this.transformer = transformer;
        this.tokenizer = tokenizer;
        this.settings = settings;
        this.stops = settings.stopTokens().stream().map(this::stopId).collect(Collectors.toSet());
        stops.addAll(tokenizer.eosIds());
    }

    private int stopId(String token) {
        return tokenizer
                .id(token)
                .orElseThrow(() ->
                        new UnknownNameException("stop token", token, List.of("any single token of the vocabulary")));
    }

    public GenerationResult continueFrom(String prompt, int[] ids, Consumer<String> listener) {
        return write(List.of(begin(prompt, ids, ids.length, settings.seed(), listener)))
                .get(0);
    }

    /** Each draws with a seed of its own, the first with that of the settings. */
    public List<GenerationResult> continueAll(List<String> prompts, List<int[]> ids, Consumer<String> listener) {
        int longest = ids.stream().mapToInt(row -> row.length).max().orElse(0);
        BadArgumentException.unless(longest > 0, "prompts", prompts, "at least one text");
        return write(IntStream.range(0, ids.size())
                .mapToObj(i -> begin(prompts.get(i), ids.get(i), longest, settings.seed() + i, listener))
                .toList());
    }

    /**
     * @param longest tokens of the longest prompt, to which this one is padded
     */
    private Sequence begin(String prompt, int[] ids, int longest, long seed, Consumer<String> listener) {
        int room = transformer.config().contextLength() - longest;
        BadArgumentException.unless(ids.length > 0, "prompt", prompt, "a text of at least one token");
        BadArgumentException.unless(
                room >= 0,
                "prompt's length",
                longest,
                "at most %d tokens, the context of %s"
                        .formatted(transformer.config().contextLength(), name));
        int vocabSize = transformer.config().vocabSize();
        for (int id : ids) {
            BadArgumentException.unless(id >= 0 && id < vocabSize, "token id", id, "0 to " + (vocabSize - 1));
        }
        int limit = settings.limit(ids.length);
        GenerationResult.Stop full = room < limit ? GenerationResult.Stop.CONTEXT_FULL : GenerationResult.Stop.LENGTH;
        Sampler sampler = new Sampler(settings.seed(seed), ids);
        return new Sequence(prompt, ids, sampler, tokenizer, Math.min(limit, room), full, listener);
    }

    private List<GenerationResult> write(List<Sequence> texts) {
        int longest = texts.stream().mapToInt(text -> text.ids().length).max().orElseThrow();
        int room = texts.stream().mapToInt(Sequence::room).max().orElseThrow();
        int[] padding =
                texts.stream().mapToInt(text -> longest - text.ids().length).toArray();
        long began = System.nanoTime();
        long started = 0;
        try (DecodingState state = new DecodingState(transformer, padding, longest + room)) {
            int[][] next =
                    DecodingState.padded(texts.stream().map(Sequence::ids).toList(), padding);
            for (int steps = 0; !texts.stream().allMatch(Sequence::isDone); steps++) {
                StoppedException.check("Generation was stopped after %d tokens: %s"
                        .formatted(steps, texts.get(0).text()));
                next = choose(texts, state.logits(next));
                started = started == 0 ? System.nanoTime() : started;
            }
        }
        double writing = (System.nanoTime() - started) / 1e9;
        double whole = (System.nanoTime() - began) / 1e9;
        return texts.stream().map(text -> text.end(writing, whole)).toList();
    }

    /** The next token of each text. A text that has ended goes along with the others, and nobody looks at it. */
    private int[][] choose(List<Sequence> texts, float[][] logits) {
        int[][] chosen = new int[texts.size()][1];
        for (int i = 0; i < chosen.length; i++) {
            Sequence text = texts.get(i);
            if (!text.isDone()) {
                FiniteCheck.logits(logits[i], transformer, () -> "The logits of %s after %d tokens (\"%s\")"
                        .formatted(name, text.count(), text.text()));
                chosen[i][0] = text.next(logits[i], stops);
            }
        }
        return chosen;
    }
}
