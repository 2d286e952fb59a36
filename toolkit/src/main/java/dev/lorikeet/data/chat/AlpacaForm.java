package dev.lorikeet.data.chat;

import com.google.gson.JsonParseException;
import dev.lorikeet.base.Json;
import dev.lorikeet.base.JsonValues;
import dev.lorikeet.text.Message;
import java.util.ArrayList;
import java.util.List;

/** The Alpaca format: an instruction, an optional input, and an answer. */
public final class AlpacaForm {

    public static final String INSTRUCTION = "### Instruction:";
    public static final String SYSTEM = "system";
    public static final String HISTORY = "history";

    private static final String INPUT = "### Input:";
    private static final String RESPONSE = "### Response:";

    private AlpacaForm() {}

    public static List<Message> parse(String text) {
        int instruction = text.indexOf(INSTRUCTION);
        int response = text.indexOf(RESPONSE, Math.max(0, instruction));
        if (instruction < 0 || response < 0) {
            throw new IllegalArgumentException("there is no " + (instruction < 0 ? INSTRUCTION : RESPONSE));
        }
        String asked = text.substring(instruction + INSTRUCTION.length(), response);
        int input = asked.indexOf(INPUT);
        return messages(
                input < 0 ? asked : asked.substring(0, input),
                input < 0 ? "" : asked.substring(input + INPUT.length()),
                text.substring(response + RESPONSE.length()));
    }

    public static List<Message> messages(String instruction, String input, String output) {
        if (instruction.isBlank()) {
            throw new IllegalArgumentException("the instruction is empty");
        }
        String question = instruction.strip() + (input.isBlank() ? "" : "\n\n" + input.strip());
        return output.isBlank()
                ? List.of(Message.user(question))
                : List.of(Message.user(question), Message.assistant(output.strip()));
    }

    /**
     * Puts a system message and earlier turns before a conversation.
     *
     * @param history JSON: a list of pairs of a question and its answer; empty for none
     */
    public static Conversation complete(Conversation chat, String system, String history) {
        List<Message> messages = new ArrayList<>();
        if (!system.isBlank()) {
            messages.add(Message.system(system));
        }
        if (!history.isBlank()) {
            messages.addAll(turns(history));
        }
        messages.addAll(chat.messages());
        return Conversation.of(messages);
    }

    private static List<Message> turns(String history) {
        List<Message> messages = new ArrayList<>();
        try {
            if (JsonValues.plain(Json.parse(history)) instanceof List<?> turns) {
                for (Object turn : turns) {
                    if (!(turn instanceof List<?> pair)
                            || pair.size() != 2
                            || !(pair.get(0) instanceof String question)
                            || !(pair.get(1) instanceof String answer)) {
                        throw new IllegalArgumentException("turn " + messages.size() / 2 + " is no pair of texts");
                    }
                    messages.add(Message.user(question));
                    messages.add(Message.assistant(answer));
                }
                return messages;
            }
        } catch (JsonParseException e) {
            throw new IllegalArgumentException("the JSON is damaged", e);
        }
        throw new IllegalArgumentException("it is no JSON list");
    }
}
