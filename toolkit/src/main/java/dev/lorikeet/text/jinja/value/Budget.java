package dev.lorikeet.text.jinja.value;

import dev.lorikeet.base.StoppedException;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** What writing a template once may take, as templates come from strangers; every step also looks for the stop button. */
public final class Budget {

    private static final long STEPS = 4_000_000;
    private static final long CHARACTERS = 32_000_000;

    /** How much more each character of the variables allows. */
    private static final long FOR_EACH = 50;

    private static final int STEPS_BETWEEN_LOOKS = 4096;

    private static final ThreadLocal<Budget> CURRENT = new ThreadLocal<>();

    private final long mostSteps;
    private final long mostCharacters;
    private long steps;
    private long characters;
    private long nextLook = STEPS_BETWEEN_LOOKS;

    private Budget(long given) {
        mostSteps = STEPS + FOR_EACH * given;
        mostCharacters = CHARACTERS + FOR_EACH * given;
    }

    /** Does the work within the budget that these variables allow. */
    public static <T> T within(Map<String, ?> variables, Supplier<T> work) {
        Budget outer = CURRENT.get();
        CURRENT.set(new Budget(size(variables)));
        try {
            return work.get();
        } finally {
            CURRENT.set(outer);
        }
    }

    /** The number of characters in a value, and one for each value. */
    private static long size(Object value) {
        if (value instanceof String text) {
            return 1 + text.length();
        } else if (value instanceof List<?> list) {
            return 1 + list.stream().mapToLong(Budget::size).sum();
        } else if (value instanceof Map<?, ?> map) {
            return 1
                    + map.entrySet().stream()
                            .mapToLong(entry -> size(entry.getKey()) + size(entry.getValue()))
                            .sum();
        }
        return 1;
    }

    public static void steps(long count) {
        Budget budget = CURRENT.get();
        if (budget != null) {
            budget.step(count);
        }
    }

    private void step(long count) {
        steps += count;
        if (steps >= nextLook) {
            nextLook = steps + STEPS_BETWEEN_LOOKS;
            StoppedException.check("Writing a chat template stopped.");
        }
        if (steps > mostSteps) {
            throw new JinjaException("it takes more than %,d steps, which is too long".formatted(mostSteps));
        }
    }

    /** @param count of a text that is about to be made */
    public static void characters(double count) {
        Budget budget = CURRENT.get();
        if (budget != null) {
            budget.characters += (long) count;
            if (budget.characters > budget.mostCharacters || count > budget.mostCharacters) {
                throw new JinjaException("it makes texts of more than %,d characters, which is too long"
                        .formatted(budget.mostCharacters));
            }
        }
    }

    /** Charges for what a filter or a function has made. */
    public static Object charged(Object made) {
        steps(1);
        if (made instanceof String text) {
            characters(text.length());
        } else if (made instanceof List<?> list) {
            steps(list.size());
        }
        return made;
    }
}
