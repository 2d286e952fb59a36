package dev.lorikeet.base;

/** Turns off DJL's usage reports, which it sends to its makers when an engine or a tokenizer starts. */
public final class Telemetry {

    private static final String OPT_OUT = "OPT_OUT_TRACKING";

    private Telemetry() {}

    /** Opts out, unless the user has set the property or the variable OPT_OUT_TRACKING. */
    public static void off() {
        if (System.getProperty(OPT_OUT) == null && System.getenv(OPT_OUT) == null) {
            System.setProperty(OPT_OUT, "true");
        }
    }
}
