package dev.lorikeet.base;

/** Styles of HTML fragments that both themes of JupyterLab and pages without its variables can read. */
public final class HtmlStyles {

    /** A fainter text; where JupyterLab's variable is not known it has the colour of the text around it. */
    public static final String FAINT = "var(--jp-content-font-color2, inherit)";

    /** The text of an error. */
    public static final String ERROR = "var(--jp-error-color1, #d32f2f)";

    /** Breaks long words, such as paths, where a window is narrow. */
    public static final String WRAP = "overflow-wrap: anywhere; ";

    /** Scrolls what is wider than the window in a box of its own. */
    public static final String SCROLL = "overflow-x: auto; ";

    /** Colours of a bar, with a contrast of 4 : 1 at least on a white and on a dark ground: the most that one colour can have. */
    public static final String RUNNING = "#1976d2";

    public static final String FINISHED = "#388e3c";

    public static final String STOPPED = "#c95f00";

    private HtmlStyles() {}
}
