package dev.lorikeet.spark;

import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.generate.GenerationConfig;
import dev.lorikeet.model.generate.GenerationResult;
import dev.lorikeet.text.Message;
import dev.lorikeet.text.Role;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/**
 * Adds what a model writes after each prompt. A row is written by itself and draws with a seed of its own content, so that its text
 * depends neither on the rows beside it nor on how often its task was tried.
 *
 * @param chat whether inputs are questions, or conversations, in the form of the model's chat template
 */
record Answering(String column, boolean chat, GenerationConfig settings) implements RowModel {

    @Override
    public List<StructField> fields() {
        return List.of(DataTypes.createStructField(column, DataTypes.StringType, true));
    }

    @Override
    public List<Object[]> of(LanguageModel model, List<Object> inputs) {
        return inputs.stream()
                .map(input -> new Object[] {text((PretrainedModel) model, input)})
                .toList();
    }

    private String text(PretrainedModel model, Object input) {
        KilledTasks.check();
        String prompt = chat ? model.tokenizer().chat().render(messages(input), true) : (String) input;
        GenerationResult result = model.generate(prompt, settings.seed(seed(prompt)), piece -> {});
        return result.text();
    }

    private long seed(String prompt) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(prompt.getBytes(StandardCharsets.UTF_8));
            return settings.seed() ^ ByteBuffer.wrap(hash).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    /** A question, or rows of a role and a content. */
    private static List<Message> messages(Object input) {
        if (input instanceof String question) {
            return List.of(Message.user(question));
        }
        List<Message> messages = new ArrayList<>();
        for (Object turn : (List<?>) input) {
            Row row = (Row) turn;
            messages.add(new Message(Role.of(row.getAs("role")), row.getAs("content")));
        }
        return messages;
    }
}
