package dev.lorikeet.model.generate;

import dev.lorikeet.base.Progress;
import dev.lorikeet.base.Quantities;
import java.util.List;
import java.util.function.Consumer;

/** Shows how far texts have come that nobody sees while they are written. */
public final class GenerationProgress implements Consumer<String>, AutoCloseable {

    private final Progress progress;
    private final long started = System.nanoTime();
    private int pieces;

    private GenerationProgress(Progress progress) {
        this.progress = progress;
    }

    /**
     * @param limit most tokens of all texts together
     */
    public static GenerationProgress start(long limit) {
        return new GenerationProgress(Progress.start("Generating", limit).in("tokens"));
    }

    /** A piece is a token, but for those that make a character together. */
    @Override
    public void accept(String piece) {
        pieces++;
        double seconds = Math.max(1e-3, (System.nanoTime() - started) / 1e9);
        progress.at(pieces, Quantities.tokensPerSecond(pieces / seconds));
    }

    public void complete(List<GenerationResult> texts) {
        // The result tells its speed itself.
        progress.at(texts.stream().mapToInt(text -> text.ids().length).sum(), "");
        progress.complete("");
    }

    @Override
    public void close() {
        progress.close();
    }
}
