package dev.lorikeet.base;

/** The base class of the toolkit's own errors; messages are meant for the reader of a notebook. */
public class LorikeetException extends RuntimeException {

    public LorikeetException(String message) {
        super(message);
    }

    public LorikeetException(String message, Throwable cause) {
        super(message, cause);
    }
}
