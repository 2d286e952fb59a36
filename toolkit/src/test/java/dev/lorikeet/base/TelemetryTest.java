package dev.lorikeet.base;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TelemetryTest {

    private static final String PROPERTY = "OPT_OUT_TRACKING";

    private String before;

    @BeforeEach
    void remember() {
        before = System.getProperty(PROPERTY);
    }

    @AfterEach
    void restore() {
        if (before == null) {
            System.clearProperty(PROPERTY);
        } else {
            System.setProperty(PROPERTY, before);
        }
    }

    @Test
    void isTurnedOff() {
        System.clearProperty(PROPERTY);
        Telemetry.off();
        assertEquals("true", System.getProperty(PROPERTY, System.getenv(PROPERTY)));
    }

    @Test
    void keepsADecision() {
        System.setProperty(PROPERTY, "false");
        Telemetry.off();
        assertEquals("false", System.getProperty(PROPERTY));
    }
}
