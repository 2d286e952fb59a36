package dev.lorikeet.hub;

import java.io.IOException;

/** A server answered, but not with what was asked for, and would do so again. The message can be said to people. */
final class RefusedException extends IOException {

    private final transient HubResponse answer;

    RefusedException(String message, HubResponse answer) {
        super(message);
        this.answer = answer;
    }

    HubResponse answer() {
        return answer;
    }
}
