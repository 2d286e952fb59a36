package dev.lorikeet.base;

/** The root of the errors that the toolkit throws on purpose; its message is meant for the reader of a notebook. */
public class LorikeetException extends RuntimeException {

    public LorikeetException(String message) {
        super(message);
    }

    public LorikeetException(String message, Throwable cause) {
        super(message, cause);
    }
}
