package dev.lorikeet.model.config;

import dev.lorikeet.base.BadArgumentException;
import java.util.Optional;

/**
 * How a layer's tokens look back.
 *
 * @param window how many tokens a token sees, itself and those just before it; {@link #FULL} for all
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
