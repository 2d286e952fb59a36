package dev.lorikeet.text;

import dev.lorikeet.base.UnknownNameException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Who says something in a chat. */
public enum Role {
    /** The instructions that the assistant gets beforehand. */
    SYSTEM,
    USER,
    ASSISTANT,
    /** The result of a function that the assistant called. */
    TOOL;

    /** The word that templates know, such as "user". */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The role of a word. "human", "gpt" and "observation", as ShareGPT has them, are user, assistant and tool; so is
     * "function", OpenAI's older word for a tool.
     *
     * @throws UnknownNameException if there is none
     */
    public static Role of(String word) {
        List<String> known = Arrays.stream(values()).map(Role::word).toList();
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "human" -> USER;
            case "gpt" -> ASSISTANT;
            case "observation", "function" -> TOOL;
            default -> {
                int place = known.indexOf(word.toLowerCase(Locale.ROOT));
                if (place < 0) {
                    throw new UnknownNameException("role", word, known);
                }
                yield values()[place];
            }
        };
    }
}
