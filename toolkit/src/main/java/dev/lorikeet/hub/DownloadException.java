package dev.lorikeet.hub;

import dev.lorikeet.base.LorikeetException;

/** A download failed; the message says what, from where, why, and what to do. */
public final class DownloadException extends LorikeetException {

    DownloadException(String message) {
        super(message);
    }

    DownloadException(String message, Throwable cause) {
        super(message, cause);
    }
}
