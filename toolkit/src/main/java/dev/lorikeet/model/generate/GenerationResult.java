package dev.lorikeet.model.generate;

import dev.lorikeet.base.HtmlTable;
import dev.lorikeet.base.Quantities;
import dev.lorikeet.base.Renderable;

/**
 * A text that a model wrote.
 *
 * @param prompt what it continues
 * @param text the continuation; a stop token at its end is left out
 * @param ids of the continuation, the stop token included; one that the tokenizer has no token for has no text
 * @param stop why it ended
 * @param tokensPerSecond of the continuation, reading the prompt not counted
 * @param seconds that the whole took
 */
public record GenerationResult(String prompt, String text, int[] ids, Stop stop, double tokensPerSecond, double seconds)
        implements Renderable {

    /** Why a continuation ended. */
    public enum Stop {
        LENGTH,
        STOP_TOKEN,
        CONTEXT_FULL
    }

    /** The same continuation, shown after other words than those of the prompt that the model read. */
    public GenerationResult prompted(String words) {
        return new GenerationResult(words, text, ids, stop, tokensPerSecond, seconds);
    }

    /** The prompt and its continuation. */
    public String full() {
        return prompt + text;
    }

    @Override
    public String toString() {
        return full();
    }

    @Override
    public String html() {
        return ("<div style=\"white-space: pre-wrap\"><span style=\"opacity: 0.65\">%s</span><b>%s</b>"
                        + "<span style=\"opacity: 0.65\">%s</span></div><small>%s</small>")
                .formatted(HtmlTable.escape(prompt), HtmlTable.escape(text), isCut() ? " […]" : "", details());
    }

    /** Whether a limit cut the text, and not the model ended it. */
    public boolean isCut() {
        return stop != Stop.STOP_TOKEN;
    }

    /** Which limit cut the text, such as "stopped at the limit of 256 tokens"; empty if none did. */
    public String cutReason() {
        return switch (stop) {
            case LENGTH -> "stopped at the limit of " + Quantities.count(ids.length) + " tokens";
            case CONTEXT_FULL -> "stopped because the model's context is full";
            case STOP_TOKEN -> "";
        };
    }

    /** Tokens written, the time, the pace and where a limit cut, such as "15 tokens in 1.3 s, 12.3 tokens/s". */
    public String details() {
        String pace = "%s tokens in %s, %s"
                .formatted(
                        Quantities.count(ids.length),
                        Quantities.time(seconds),
                        Quantities.tokensPerSecond(tokensPerSecond));
        return isCut() ? pace + ", " + cutReason() : pace;
    }
}
