package dev.lorikeet.model.config;

import dev.lorikeet.base.BadArgumentException;
import java.util.Optional;

/**
 * How far a layer's tokens look.
 *
 * @param window how many tokens a token sees, itself and those just before it, in an encoder as many just after it too;
 *     {@link #FULL} for all
 * @param rope its rotary positions; empty without them
 */
public record Attention(int window, Optional<Rope> rope) {

    /** The window of a layer that sees all tokens before. */
    public static final int FULL = Integer.MAX_VALUE;

    public Attention {
        BadArgumentException.unless(window > 0, "window", window, "at least one token");
    }

    public boolean isWindowed() {
        return window != FULL;
    }
}
