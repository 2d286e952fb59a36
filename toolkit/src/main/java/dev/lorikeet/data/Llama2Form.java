package dev.lorikeet.data;

import dev.lorikeet.text.Message;
import dev.lorikeet.text.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Llama-2 chat format (Touvron et al. 2023, and the code published with it). */
final class Llama2Form {

    private static final String OPEN = "[INST]";
    private static final String CLOSE = "[/INST]";
    private static final String END = "</s>";

    /** Matches the end of a turn. Inside an answer {@code <s>} and {@code </s>} may be HTML. */
    private static final Pattern NEXT = Pattern.compile("\\s*</s>\\s*(<s>\\s*)?(?=\\[INST\\])");

    private static final Pattern SYSTEM = Pattern.compile("\\s*<<SYS>>\\s*(.*?)\\s*<</SYS>>\\s*", Pattern.DOTALL);

    private Llama2Form() {}

    static List<Message> parse(String text) {
        String rest = text.strip();
        rest = rest.startsWith("<s>") ? rest.substring(3).strip() : rest;
        rest = rest.endsWith(END) ? rest.substring(0, rest.length() - END.length()) : rest;
        List<Message> messages = new ArrayList<>();
        String[] turns = NEXT.split(rest);
        for (int i = 0; i < turns.length; i++) {
            String turn = turns[i];
            int close = turn.indexOf(CLOSE);
            if (!turn.startsWith(OPEN) || close < 0) {
                throw new IllegalArgumentException(
                        "turn " + (1 + messages.size() / 2) + " has no " + (turn.startsWith(OPEN) ? CLOSE : OPEN));
            }
            String question = turn.substring(OPEN.length(), close);
            Matcher system = SYSTEM.matcher(question);
            if (messages.isEmpty() && system.lookingAt()) {
                messages.add(Message.system(system.group(1)));
                question = question.substring(system.end());
            }
            messages.add(Message.user(question.strip()));
            String answer = turn.substring(close + CLOSE.length()).strip();
            // Keeps an empty answer within a conversation, as user and assistant alternate; an empty last answer is a
            // prompt.
            if (!answer.isEmpty() || i + 1 < turns.length) {
                messages.add(Message.assistant(answer));
            }
        }
        return messages;
    }

    static String write(List<Message> messages) {
        StringBuilder text = new StringBuilder();
        String system = "";
        for (Message message : messages) {
            if (message.role() == Role.SYSTEM) {
                system = "<<SYS>>\n" + message.content() + "\n<</SYS>>\n\n";
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
