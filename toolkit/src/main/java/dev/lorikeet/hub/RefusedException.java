package dev.lorikeet.hub;

import java.io.IOException;

/** A server answered, but not with what was asked for, and would do so again. The message can be said to people. */
final class RefusedException extends IOException {

    private final transient Answer answer;

    RefusedException(String message, Answer answer) {
        super(message);
        this.answer = answer;
    }

    Answer answer() {
        return answer;
    }
}
