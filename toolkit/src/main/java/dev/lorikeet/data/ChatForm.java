package dev.lorikeet.data;

import dev.lorikeet.text.Message;
import java.util.List;
import java.util.Optional;

/** How a text holds a conversation. */
public enum ChatForm {

    /** {@code <s>[INST] <<SYS>>…<</SYS>> question [/INST] answer </s>}, turn after turn, as Llama-2 chats. */
    LLAMA2("[INST] question [/INST] answer, turn after turn") {
        @Override
        List<Message> parse(String text) {
            return Llama2Form.parse(text);
        }

        @Override
        boolean fits(String text) {
            return text.startsWith("<s>") || text.startsWith("[INST]");
        }
    },

    /**
     * {@code ### Instruction:}, perhaps {@code ### Input:}, and {@code ### Response:} on lines of their own (Taori et al. 2023).
     * An input becomes part of the question; what stands before the instruction is the same in every row and is dropped.
     */
    ALPACA("### Instruction:, perhaps ### Input:, then ### Response:") {
        @Override
        List<Message> parse(String text) {
            return AlpacaForm.parse(text);
        }

        @Override
        boolean fits(String text) {
            return text.contains(AlpacaForm.INSTRUCTION);
        }
    },

    /** JSON: a list of {@code {"role", "content"}}, or of ShareGPT's {@code {"from", "value"}}. */
    MESSAGES("a JSON list of {\"role\", \"content\"} or {\"from\", \"value\"}") {
        @Override
        List<Message> parse(String text) {
            return MessagesForm.parse(text);
        }

        @Override
        boolean fits(String text) {
            return text.startsWith("[") || text.startsWith("{");
        }
    };

    private final String expected;

    ChatForm(String expected) {
        this.expected = expected;
    }

    /** What a row must be, in words. */
    String expected() {
        return expected;
    }

    /** @throws IllegalArgumentException if the text is not of this form; it says what is wrong */
    abstract List<Message> parse(String text);

    abstract boolean fits(String text);

    /** The form that a text looks to be of. */
    static Optional<ChatForm> of(String text) {
        String plain = text.strip();
        return List.of(values()).stream().filter(form -> form.fits(plain)).findFirst();
    }
}
