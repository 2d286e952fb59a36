package dev.lorikeet.notebook;

import dev.lorikeet.base.HtmlTable;
import java.util.Locale;
import java.util.StringJoiner;

/** Renders a progress bar as HTML and as a line of text. */
final class ProgressBar {

    private static final String FAINT = "var(--jp-content-font-color2, GrayText)";
    private static final String TRACK = "rgba(128, 128, 128, 0.25)";

    private ProgressBar() {}

    /** The phase of a task with its colour. Not CSS variables: JupyterLab removes them from untrusted notebooks. */
    enum Phase {
        RUNNING("#1976d2"),
        FINISHED("#388e3c"),
        STOPPED("#f57c00");

        private final String colour;

        Phase(String colour) {
            this.colour = colour;
        }
    }

    /**
     * The state of a progress bar.
     *
     * @param done units done, of {@code total}
     * @param detail a short text of the task
     * @param seconds time since the start
     */
    record BarState(String title, long done, long total, String detail, double seconds, Phase phase) {

        BarState at(double seconds, Phase phase) {
            return new BarState(title, done, total, detail, seconds, phase);
        }

        boolean sameAs(BarState other) {
            return done == other.done && detail.equals(other.detail) && phase == other.phase;
        }

        /** The share that is done, 0 to 1. */
        double part() {
            if (phase == Phase.FINISHED) {
                return 1;
            }
            return total <= 0 ? 0 : Math.max(0, Math.min(1.0, (double) done / total));
        }
    }

    static String html(BarState state) {
        return String.format(
                Locale.ROOT,
                "<div style=\"max-width: 720px; margin: 4px 0; font-family: var(--jp-ui-font-family, sans-serif);"
                        + " font-size: var(--jp-ui-font-size1, 13px)\">"
                        + "<div style=\"display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 16px\">"
                        + "<b>%s</b> <span style=\"font-variant-numeric: tabular-nums\">%s</span></div>"
                        + "<div style=\"height: 6px; margin: 4px 0; border-radius: 3px; overflow: hidden; background-color: %s\">"
                        + "<div style=\"height: 100%%; width: %.1f%%; background-color: %s\"></div></div>"
                        + "<div style=\"color: %s; min-height: 1.3em\">%s</div></div>",
                HtmlTable.escape(state.title()),
                HtmlTable.escape(numbers(state)),
                TRACK,
                100 * state.part(),
                state.phase().colour,
                FAINT,
                HtmlTable.escape(state.detail()));
    }

    static String text(BarState state) {
        String line = state.title() + ": " + numbers(state);
        return state.detail().isEmpty() ? line : line + " · " + state.detail();
    }

    private static String numbers(BarState state) {
        StringJoiner parts = new StringJoiner(" · ");
        boolean early = state.phase() == Phase.FINISHED && state.done() < state.total();
        String count =
                String.format(Locale.ROOT, early ? "%,d of at most %,d" : "%,d of %,d", state.done(), state.total());
        parts.add(state.phase() == Phase.STOPPED ? "stopped at " + count : count);
        if (state.phase() == Phase.RUNNING && state.total() > 0) {
            parts.add(String.format(Locale.ROOT, "%.0f %%", Math.floor(100 * state.part())));
        }
        parts.add((state.phase() == Phase.FINISHED ? "in " : "") + clock(state.seconds()));
        if (state.phase() == Phase.RUNNING && state.done() > 0 && state.seconds() >= 1 && state.part() < 1) {
            parts.add(clock(state.seconds() / state.part() * (1 - state.part())) + " left");
        }
        return parts.toString();
    }

    /** Formats a duration as 4.2 s, 2:05 or 1:02:05. */
    private static String clock(double seconds) {
        if (seconds < 59.95) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        long whole = Math.round(seconds);
        return whole < 3600
                ? String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60);
    }
}
