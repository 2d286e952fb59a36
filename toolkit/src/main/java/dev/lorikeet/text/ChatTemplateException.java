package dev.lorikeet.text;

import dev.lorikeet.base.LorikeetException;

/** A chat template cannot be read, or refuses a conversation. */
public final class ChatTemplateException extends LorikeetException {

    /** @param source where the template is from */
    ChatTemplateException(String source, String problem, Throwable cause) {
        super("The chat template of " + source + ": " + problem, cause);
    }
}
