package dev.lorikeet.text.jinja.value;

/**
 * The value of a name that has none: false, empty, and nothing when written; to use it in any other way is an error.
 *
 * @param name as the template writes it
 */
public record Undefined(String name) {

    public JinjaException error() {
        return new JinjaException(name + " is undefined");
    }

    @Override
    public String toString() {
        return "";
    }
}
