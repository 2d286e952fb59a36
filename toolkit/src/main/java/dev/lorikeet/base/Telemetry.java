package dev.lorikeet.base;

/** DJL reports its use to its makers when an engine or a tokenizer starts, unless told not to. */
public final class Telemetry {

    private static final String OPT_OUT = "OPT_OUT_TRACKING";

    private Telemetry() {}

    /** Tells it not to, unless the person who runs this has decided otherwise by a property or a variable of that name. */
    public static void off() {
        if (System.getProperty(OPT_OUT) == null && System.getenv(OPT_OUT) == null) {
            System.setProperty(OPT_OUT, "true");
        }
    }
}
