package dev.lorikeet.notebook;

import dev.lorikeet.base.HtmlStyles;
import dev.lorikeet.base.HtmlTable;
import dev.lorikeet.base.TaskState;
import java.util.Locale;

/** Renders a progress bar as HTML and as a line of text. */
final class ProgressBar {

    private static final String FAINT = HtmlStyles.FAINT;
    private static final String TRACK = "rgba(128, 128, 128, 0.25)";

    /**
     * A hint that appears where no state has followed this one for a while, as after a restart of the kernel, which cannot finish its
     * bars. A running task draws itself once a second, and each time the hint starts anew.
     */
    private static final String STALE = "<style>@keyframes lorikeet-stale { to { height: auto; opacity: 1 } }</style>"
            + "<div style=\"height: 0; opacity: 0; overflow: hidden; animation: lorikeet-stale 0s linear 30s forwards\">"
            + "no longer running: the kernel was stopped or restarted</div>";

    /**
     * How JupyterLab's extension should show charts. It has the picture of a chart until the mouse comes, at its own width, which a narrow
     * window would cut; and a white ground in the dark theme, which is turned dark while hues stay.
     */
    private static final String CHARTS = "<style>.plot-img { max-width: 100%; height: auto } "
            + "[data-jp-theme-light=false] .jp-RenderedPlotly { filter: invert(0.93) hue-rotate(180deg) }</style>";

    private ProgressBar() {}

    /** The colour of a phase. Not CSS variables: JupyterLab removes them from untrusted notebooks. */
    private static String colour(TaskState.Phase phase) {
        return switch (phase) {
            case RUNNING -> HtmlStyles.RUNNING;
            case FINISHED -> HtmlStyles.FINISHED;
            case STOPPED -> HtmlStyles.STOPPED;
        };
    }

    static String html(TaskState state) {
        return String.format(
                Locale.ROOT,
                "<div style=\"max-width: 720px; margin: 4px 0; " + HtmlStyles.WRAP
                        + "font-family: var(--jp-ui-font-family, sans-serif);"
                        + " font-size: var(--jp-ui-font-size1, 13px)\">"
                        + "<div style=\"display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 16px\">"
                        + "<b>%s</b> <span style=\"font-variant-numeric: tabular-nums\">%s</span></div>"
                        + "<div style=\"height: 6px; margin: 4px 0; border-radius: 3px; overflow: hidden; background-color: %s\">"
                        + "<div style=\"height: 100%%; width: %.1f%%; background-color: %s\"></div></div>"
                        + "<div style=\"color: %s; min-height: 1.3em\">%s</div>%s</div>",
                HtmlTable.escape(state.title()),
                HtmlTable.escape(state.numbers()),
                TRACK,
                100 * state.part(),
                colour(state.phase()),
                FAINT,
                HtmlTable.escape(state.detail()),
                (state.phase() == TaskState.Phase.RUNNING ? STALE : "") + CHARTS);
    }

    static String text(TaskState state) {
        String line = state.title() + ": " + state.numbers();
        return state.detail().isEmpty() ? line : line + " · " + state.detail();
    }
}
