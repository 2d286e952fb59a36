package dev.lorikeet.data;

import dev.lorikeet.data.chat.AlpacaForm;
import dev.lorikeet.data.chat.Conversation;
import dev.lorikeet.data.chat.Llama2Form;
import dev.lorikeet.data.chat.MessagesForm;
import java.util.List;
import java.util.Optional;

/** The formats of a conversation in a text. */
public enum ChatForm {

    /** {@code <s>[INST] <<SYS>>…<</SYS>> question [/INST] answer </s>}, turn after turn: the Llama-2 chat format. */
    LLAMA2("[INST] question [/INST] answer, turn after turn") {
        @Override
        Conversation parse(String text) {
            return Conversation.of(Llama2Form.parse(text));
        }

        @Override
        boolean fits(String text) {
            return text.startsWith("<s>") || text.startsWith("[INST]");
        }
    },

    /**
     * {@code ### Instruction:}, optional {@code ### Input:}, and {@code ### Response:} on separate lines (Taori et al. 2023).
     * The input becomes part of the question; the preamble before the instruction is dropped.
     */
    ALPACA("### Instruction:, optional ### Input:, then ### Response:") {
        @Override
        Conversation parse(String text) {
            return Conversation.of(AlpacaForm.parse(text));
        }

        @Override
        boolean fits(String text) {
            return text.contains(AlpacaForm.INSTRUCTION);
        }
    },

    /**
     * JSON: a list of {@code {"role", "content"}}, or of ShareGPT's {@code {"from", "value"}}, with what else a message says,
     * such as {@code tool_calls}; or an object with such a list and {@code tools}.
     */
    MESSAGES("a JSON list of {\"role\", \"content\"} or {\"from\", \"value\"}") {
        @Override
        Conversation parse(String text) {
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

    /** Describes the expected format of a row. */
    String expected() {
        return expected;
    }

    /** @throws IllegalArgumentException if the text does not have this format; the message says why */
    abstract Conversation parse(String text);

    abstract boolean fits(String text);

    /** Detects the format of a text. */
    static Optional<ChatForm> of(String text) {
        String plain = text.strip();
        return List.of(values()).stream().filter(form -> form.fits(plain)).findFirst();
    }
}
