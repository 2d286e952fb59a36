package dev.lorikeet.base;

/** A value that a notebook shows as HTML, and a console as {@link #toString()}. */
public interface Renderable {

    /** An HTML fragment, readable in light and dark themes and without its styles; see {@link HtmlTable}. */
    String html();

    @Override
    String toString();
}
