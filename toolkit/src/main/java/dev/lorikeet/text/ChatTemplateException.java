package dev.lorikeet.text;

import dev.lorikeet.base.LorikeetException;

/** A chat template cannot be read, or refuses a conversation. */
public final class ChatTemplateException extends LorikeetException {

    private final String source;
    private final String problem;

    /** @param source where the template is from */
    ChatTemplateException(String source, String problem, Throwable cause) {
        super("The chat template of " + source + ": " + problem, cause);
        this.source = source;
        this.problem = problem;
    }

    /** Returns this error with the row of the conversation, from 0. */
    public ChatTemplateException inRow(int row) {
        return new ChatTemplateException(source, "row " + row + ": " + problem, this);
    }
}
