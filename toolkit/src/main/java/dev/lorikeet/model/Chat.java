package dev.lorikeet.model;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.HtmlTable;
import dev.lorikeet.base.Renderable;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.model.generate.GenerationConfig;
import dev.lorikeet.model.generate.GenerationProgress;
import dev.lorikeet.model.generate.GenerationResult;
import dev.lorikeet.text.ChatTemplate;
import dev.lorikeet.text.Message;
import dev.lorikeet.text.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A conversation with a model, which reads all that was said before each answer. {@link PretrainedModel#chat()} starts one:
 *
 * <pre>{@code
 * var chat = model.chat().system("You answer in one sentence.");
 * chat.say("What is a lorikeet?");
 * chat.say("Where does it live?");
 * }</pre>
 */
public final class Chat implements Renderable {

    private static final String CUT = " […]";

    private final PretrainedModel model;
    private final ChatTemplate template;
    private final List<Message> messages = new ArrayList<>();
    private GenerationConfig settings;

    Chat(PretrainedModel model, ChatTemplate template) {
        this.model = model;
        this.template = template;
        this.settings = model.generationConfig();
    }

    /** Sets the instructions that stand before the conversation, in place of earlier ones. */
    public Chat system(String instructions) {
        if (hasInstructions()) {
            messages.remove(0);
        }
        messages.add(0, Message.system(instructions));
        return this;
    }

    /** Sets how answers are generated; the model's {@link PretrainedModel#generationConfig} unless set. */
    public Chat settings(GenerationConfig value) {
        settings = value;
        return this;
    }

    /** Sets the most tokens of an answer; 256 unless the model's files or {@link #settings} say otherwise. */
    public Chat maxTokens(int value) {
        return settings(settings.maxTokens(value));
    }

    /**
     * Says something and prints the answer as it is generated, with a mark where a limit cuts it. An interrupt stops it within a
     * token; the conversation is then as before.
     *
     * @throws dev.lorikeet.text.ChatTemplateException if the model's template refuses the conversation
     * @throws StoppedException if the thread is interrupted
     */
    public void say(String message) {
        GenerationResult answer;
        try {
            answer = answer(message, piece -> {
                System.out.print(piece);
                System.out.flush();
            });
        } catch (StoppedException e) {
            System.out.println();
            throw new StoppedException("The answer was stopped; the conversation is as before");
        }
        System.out.println(
                answer.isCut()
                        ? CUT + "\n" + answer.cutReason() + "; "
                                + (answer.stop() == GenerationResult.Stop.LENGTH
                                        ? "chat.maxTokens(…) sets another"
                                        : "chat.clear() starts anew")
                        : "");
    }

    /** Says something and returns the answer, printing only how far it has come; else as {@link #say}. */
    public GenerationResult ask(String message) {
        try (GenerationProgress progress = GenerationProgress.start(settings.maxTokens())) {
            GenerationResult answer = answer(message, progress);
            progress.complete(List.of(answer));
            return answer.prompted(message + "\n");
        }
    }

    private GenerationResult answer(String message, Consumer<String> listener) {
        BadArgumentException.unless(!message.isBlank(), "message", message, "a text");
        List<Message> asked = new ArrayList<>(messages);
        asked.add(Message.user(message));
        String prompt = template.render(asked, true);
        int tokens = model.tokenizer().encode(prompt, true).length;
        int context = model.config().contextLength();
        BadArgumentException.unless(
                tokens < context,
                "the conversation's length",
                tokens,
                "fewer than %d tokens, the context of %s; clear() starts anew".formatted(context, model.name()));
        GenerationResult answer = model.generate(prompt, settings, listener);
        messages.add(Message.user(message));
        messages.add(Message.assistant(answer.text()));
        return answer;
    }

    /** What was said so far, the instructions first. */
    public List<Message> messages() {
        return List.copyOf(messages);
    }

    /** Forgets what was said, but not the instructions. */
    public Chat clear() {
        messages.removeIf(message -> message.role() != Role.SYSTEM);
        return this;
    }

    private boolean hasInstructions() {
        return !messages.isEmpty() && messages.get(0).role() == Role.SYSTEM;
    }

    @Override
    public String toString() {
        return messages.isEmpty()
                ? String.format(Locale.ROOT, "Chat with %s, nothing said yet", model.name())
                : messages.stream().map(Message::toString).collect(Collectors.joining("\n"));
    }

    @Override
    public String html() {
        return messages.isEmpty()
                ? "<div>" + HtmlTable.escape(toString()) + "</div>"
                : messages.stream()
                        .map(message -> "<div style=\"white-space: pre-wrap; margin: 4px 0\"><b>%s</b> %s</div>"
                                .formatted(
                                        HtmlTable.escape(message.role().word()), HtmlTable.escape(message.content())))
                        .collect(Collectors.joining());
    }
}
