package dev.lorikeet.model;

import dev.lorikeet.base.Progress;
import java.util.Locale;
import java.util.function.Consumer;

/** Shows how far a text has come that nobody sees while it is written. */
final class GenerationProgress implements Consumer<String>, AutoCloseable {

    private final Progress progress;
    private final long started = System.nanoTime();
    private int pieces;

    private GenerationProgress(Progress progress) {
        this.progress = progress;
    }

    /**
     * @param limit most tokens of the text
     */
    static GenerationProgress start(int limit) {
        return new GenerationProgress(Progress.start("Generating", limit));
    }

    /** A piece is a token, but for those that make a character together. */
    @Override
    public void accept(String piece) {
        pieces++;
        double seconds = Math.max(1e-3, (System.nanoTime() - started) / 1e9);
        progress.at(pieces, String.format(Locale.ROOT, "%.1f tokens/s", pieces / seconds));
    }

    void complete(Generated generated) {
        String pace = String.format(Locale.ROOT, "%.1f tokens/s", generated.tokensPerSecond());
        progress.at(generated.ids().length, pace);
        progress.complete(pace);
    }

    @Override
    public void close() {
        progress.close();
    }
}
