package dev.lorikeet.text.schema;

import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The steps that one part of a tokenizer.json may consist of, one or a sequence of them.
 *
 * @param list the field that holds the steps of a sequence
 * @param types each type of step and what checks its fields
 */
record Steps(String list, Map<String, Consumer<Node>> types) {

    private static final int DEEPEST = 8;

    void check(Node step) {
        if (step.present()) {
            check(step, 0);
        }
    }

    private void check(Node step, int depth) {
        if (depth > DEEPEST) {
            throw step.wrong("lies in more than " + DEEPEST + " sequences; expected one within another at most");
        }
        Node type = step.field("type");
        String name = type.text();
        if (name.equals("Sequence")) {
            step.field(list).items().forEach(each -> check(each, depth + 1));
            return;
        }
        Consumer<Node> fields = types.get(name);
        if (fields == null) {
            throw type.isNot("Sequence, " + String.join(", ", new TreeSet<>(types.keySet())));
        }
        fields.accept(step);
    }

    /** Fields that are true or false where they are there. */
    static Consumer<Node> flags(String... names) {
        return each(Node::flag, names);
    }

    /** Fields that are strings where they are there. */
    static Consumer<Node> texts(String... names) {
        return each(Node::text, names);
    }

    static Consumer<Node> characters(String... names) {
        return each(Node::character, names);
    }

    private static Consumer<Node> each(Consumer<Node> check, String... names) {
        return step -> {
            for (String name : names) {
                Node field = step.field(name);
                if (field.present()) {
                    check.accept(field);
                }
            }
        };
    }
}
