package dev.lorikeet.data.chat;

import dev.lorikeet.text.Message;
import dev.lorikeet.text.Role;
import java.util.ArrayList;
import java.util.List;

/** The Llama-2 chat format (Touvron et al. 2023, and the code published with it). */
public final class Llama2Form {

    private static final String BEGIN = "<s>";
    private static final String END = "</s>";
    private static final String OPEN = "[INST]";
    private static final String CLOSE = "[/INST]";
    private static final String OPEN_SYSTEM = "<<SYS>>";
    private static final String CLOSE_SYSTEM = "<</SYS>>";

    private Llama2Form() {}

    public static List<Message> parse(String text) {
        String rest = text.strip();
        rest = rest.startsWith(BEGIN) ? rest.substring(BEGIN.length()).strip() : rest;
        rest = rest.endsWith(END) ? rest.substring(0, rest.length() - END.length()) : rest;
        List<Message> messages = new ArrayList<>();
        List<String> turns = turns(rest);
        for (int i = 0; i < turns.size(); i++) {
            String turn = turns.get(i);
            int close = turn.indexOf(CLOSE);
            if (!turn.startsWith(OPEN) || close < 0) {
                throw new IllegalArgumentException(
                        "turn " + (1 + messages.size() / 2) + " has no " + (turn.startsWith(OPEN) ? CLOSE : OPEN));
            }
            String question = turn.substring(OPEN.length(), close).strip();
            int closeSystem = question.indexOf(CLOSE_SYSTEM);
            if (messages.isEmpty() && question.startsWith(OPEN_SYSTEM) && closeSystem >= 0) {
                messages.add(Message.system(
                        question.substring(OPEN_SYSTEM.length(), closeSystem).strip()));
                question = question.substring(closeSystem + CLOSE_SYSTEM.length());
            }
            messages.add(Message.user(question.strip()));
            String answer = turn.substring(close + CLOSE.length()).strip();
            // Keeps an empty answer within a conversation, as user and assistant alternate; an empty last answer is a
            // prompt.
            if (!answer.isEmpty() || i + 1 < turns.size()) {
                messages.add(Message.assistant(answer));
            }
        }
        return messages;
    }

    /**
     * Cuts a conversation where a turn ends and another begins; elsewhere {@code <s>} and {@code </s>} may be HTML in an answer.
     * Written by hand, as a regular expression takes quadratic time where an answer has many spaces.
     */
    private static List<String> turns(String text) {
        List<String> turns = new ArrayList<>();
        int from = 0;
        for (int end = text.indexOf(END); end >= 0; end = text.indexOf(END, end + 1)) {
            int next = skipSpace(text, end + END.length());
            next = text.startsWith(BEGIN, next) ? skipSpace(text, next + BEGIN.length()) : next;
            if (text.startsWith(OPEN, next)) {
                turns.add(text.substring(from, end));
                from = next;
            }
        }
        turns.add(text.substring(from));
        return turns;
    }

    private static int skipSpace(String text, int from) {
        int at = from;
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    public static String write(List<Message> messages) {
        StringBuilder text = new StringBuilder();
        String system = "";
        for (Message message : messages) {
            if (message.role() == Role.SYSTEM) {
                system = OPEN_SYSTEM + "\n" + message.content() + "\n" + CLOSE_SYSTEM + "\n\n";
            } else if (message.role() == Role.USER) {
                text.append("<s>[INST] ")
                        .append(system)
                        .append(message.content())
                        .append(" [/INST]");
                system = "";
            } else {
                text.append(' ').append(message.content()).append(" </s>");
            }
        }
        return text.toString();
    }
}
