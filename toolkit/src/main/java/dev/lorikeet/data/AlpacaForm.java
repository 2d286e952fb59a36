package dev.lorikeet.data;

import dev.lorikeet.text.Message;
import java.util.List;

/** The Alpaca format: an instruction, an optional input, and an answer. */
final class AlpacaForm {

    static final String INSTRUCTION = "### Instruction:";

    private static final String INPUT = "### Input:";
    private static final String RESPONSE = "### Response:";

    private AlpacaForm() {}

    static List<Message> parse(String text) {
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

    static List<Message> messages(String instruction, String input, String output) {
        if (instruction.isBlank()) {
            throw new IllegalArgumentException("the instruction is empty");
        }
        String question = instruction.strip() + (input.isBlank() ? "" : "\n\n" + input.strip());
        return output.isBlank()
                ? List.of(Message.user(question))
                : List.of(Message.user(question), Message.assistant(output.strip()));
    }
}
