package dev.lorikeet.hub;

import java.io.IOException;

/** A server refused a request, and would refuse it again. The message can be shown to people. */
final class RefusedException extends IOException {

    private final transient HubResponse response;

    RefusedException(String message, HubResponse response) {
        super(message);
        this.response = response;
    }

    HubResponse response() {
        return response;
    }
}
