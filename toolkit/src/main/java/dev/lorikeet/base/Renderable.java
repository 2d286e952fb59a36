package dev.lorikeet.base;

/** A value that a notebook shows as HTML; consoles show {@link #toString()}. */
public interface Renderable {

    /** A fragment of HTML, readable in light and dark themes and when its styles are stripped; see {@link HtmlTable}. */
    String html();

    @Override
    String toString();
}
