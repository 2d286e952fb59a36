package dev.lorikeet.text;

import dev.lorikeet.text.RenderedChat.AnswerSpan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * Finds the assistant's answers in a text that a chat template wrote, by writing parts of the conversation.
 *
 * @param template the template that wrote the text
 * @param messages the whole conversation
 * @param whole what the template wrote for it
 */
record AnswerFinder(ChatTemplate template, List<Message> messages, String whole) {

    /** A text that no message has. */
    private static final String MARK = "\uE000\uE001\uE000";

    /** Markers and white space, the last marker perhaps not whole. */
    private static final Pattern MARKERS = Pattern.compile("(?:\\s|<[^<>]*+>)*+(?:<[^<>]*+)?");

    /** Finds each answer with what ends its turn, up to white space. */
    List<AnswerSpan> answers() {
        List<AnswerSpan> answers = new ArrayList<>();
        for (int turn = 0; turn < messages.size(); turn++) {
            if (messages.get(turn).role() == Role.ASSISTANT) {
                answers.add(answer(turn));
            }
        }
        return answers;
    }

    private AnswerSpan answer(int turn) {
        int start = start(turn);
        int end = end(turn, start);
        if (end < start) {
            throw unclear(turn);
        }
        while (end > start && Character.isWhitespace(whole.charAt(end - 1))) {
            end--;
        }
        return new AnswerSpan(start, end);
    }

    /** An answer begins after the generation prompt; one that answers nothing begins with its content. */
    private int start(int turn) {
        List<Message> earlier = messages.subList(0, turn);
        boolean answersNothing =
                earlier.stream().noneMatch(message -> message.role() == Role.USER || message.role() == Role.TOOL);
        if (answersNothing) {
            return content(turn).orElseThrow(() -> unclear(turn)).start();
        }
        String before = template.text(earlier, true);
        if (whole.startsWith(before)) {
            return before.length();
        }
        // A prompt may open more than the answer takes up, a place to think in, say; but never less than the turns
        // before.
        int least = template.text(earlier, false).length();
        int start = common(before, whole);
        if (start < least) {
            throw unclear(turn);
        }
        return boundary(least, start);
    }

    private int end(int turn, int start) {
        if (turn + 1 == messages.size()) {
            return whole.length();
        }
        List<Message> part = messages.subList(0, turn + 1);
        String after = template.text(part, false);
        int end = common(after, whole);
        if (end >= after.stripTrailing().length()) {
            return end;
        }
        OptionalInt thoughtless = endWithoutPlaceToThink(after, boundary(Math.min(start, end), end));
        if (thoughtless.isPresent()) {
            return thoughtless.getAsInt();
        }
        // The template ends a whole chat in a way of its own, with an end token, say. What follows the content ends the
        // turn.
        AnswerSpan content = content(turn).orElseThrow(() -> unclear(turn));
        AnswerSpan asLast =
                new AnswerFinder(template, part, after).content(turn).orElseThrow(() -> unclear(turn));
        String said = whole.substring(content.start(), content.end());
        if (!said.equals(after.substring(asLast.start(), asLast.end()))) {
            throw unclear(turn);
        }
        String close = after.substring(asLast.end());
        end = content.end() + common(close, whole.substring(content.end()));
        if (end - content.end() >= close.stripTrailing().length()) {
            return end;
        }
        int marker = boundary(content.end(), end);
        if (marker < end && whole.charAt(marker) != '<' && whole.charAt(marker) != '[') {
            throw unclear(turn);
        }
        return marker;
    }

    /**
     * Finds the end of a turn that has, as the last one, an empty place to think in, and is the same otherwise.
     *
     * @param after the conversation up to this turn
     * @param place where it differs from the whole
     */
    private OptionalInt endWithoutPlaceToThink(String after, int place) {
        String rest = after.substring(place).stripTrailing();
        for (int i = 0;
                i < rest.length() && MARKERS.matcher(rest.substring(0, i)).matches();
                i++) {
            if (whole.startsWith(rest.substring(i), place)) {
                return OptionalInt.of(place + rest.length() - i);
            }
        }
        return OptionalInt.empty();
    }

    /**
     * Goes back to where a marker or a word ends, for what two texts have in common may be half of one: "<|" of "<|user|>" and
     * "<|endoftext|>".
     */
    private int boundary(int least, int place) {
        int end = place;
        while (end > least && !endsMarker(whole.charAt(end - 1))) {
            end--;
        }
        return end;
    }

    private static boolean endsMarker(char letter) {
        return letter == '>' || letter == ']' || Character.isWhitespace(letter);
    }

    /** Finds the content of a message: the part of the text that another content changes. */
    private Optional<AnswerSpan> content(int turn) {
        List<Message> marked = new ArrayList<>(messages);
        Message message = messages.get(turn);
        marked.set(turn, new Message(message.role(), MARK, message.fields()));
        String other = template.text(marked, false);
        int start = other.indexOf(MARK);
        if (start < 0 || start != other.lastIndexOf(MARK)) {
            return Optional.empty();
        }
        String after = other.substring(start + MARK.length());
        int end = whole.length() - after.length();
        return end >= start && whole.startsWith(other.substring(0, start)) && whole.endsWith(after)
                ? Optional.of(new AnswerSpan(start, end))
                : Optional.empty();
    }

    private static int common(String one, String other) {
        int length = Math.min(one.length(), other.length());
        for (int i = 0; i < length; i++) {
            if (one.charAt(i) != other.charAt(i)) {
                return i;
            }
        }
        return length;
    }

    private ChatTemplateException unclear(int turn) {
        return template.error(
                "it writes message " + turn + " ("
                        + messages.get(turn).role().word()
                        + ") or those before it differently when others follow, so that its answers cannot be learned"
                        + " alone",
                null);
    }
}
