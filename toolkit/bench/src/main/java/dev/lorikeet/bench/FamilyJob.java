package dev.lorikeet.bench;

import dev.lorikeet.text.Message;
import dev.lorikeet.text.Role;
import java.util.List;
import java.util.Map;

/**
 * What {@link FamilyCheck} is to do with one checkpoint, as families.py writes it.
 *
 * @param name of the folder with the checkpoint in {@code model} and the adapters beside it
 * @param prompt a text longer than windows and than the context that rotary scaling starts from
 * @param ids of the prompt
 * @param texts shorter ones of different lengths
 * @param tokens to write after each
 * @param adapters folders
 * @param conversation messages with {@code role} and {@code content}
 */
record FamilyJob(
        String name,
        String prompt,
        int[] ids,
        List<String> texts,
        int tokens,
        List<String> adapters,
        List<Map<String, String>> conversation) {

    List<Message> messages() {
        return conversation.stream()
                .map(message -> new Message(Role.of(message.get("role")), message.get("content")))
                .toList();
    }
}
