package dev.lorikeet.base;

/** A model computed values that are NaN or infinite, or has such weights; the message says where they come from. */
public final class NonFiniteException extends LorikeetException {

    public NonFiniteException(String message) {
        super(message);
    }
}
