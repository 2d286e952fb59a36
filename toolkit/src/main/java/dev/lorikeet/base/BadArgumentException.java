package dev.lorikeet.base;

/** An argument has a value that cannot be used. */
public final class BadArgumentException extends LorikeetException {

    /**
     * @param argument the argument's name as the caller knows it
     * @param value the value that was given
     * @param expected what is accepted, as the end of the sentence "expected …"
     */
    public BadArgumentException(String argument, Object value, String expected) {
        super("%s is %s; expected %s".formatted(argument, quoted(value), expected));
    }

    /** Returns the value, or throws if it is null. */
    public static <T> T required(T value, String argument) {
        if (value == null) {
            throw new BadArgumentException(argument, null, "a value");
        }
        return value;
    }

    private static String quoted(Object value) {
        return value instanceof CharSequence ? "\"" + value + "\"" : String.valueOf(value);
    }

    /** Throws unless {@code holds}; the arguments are those of the constructor. */
    public static void unless(boolean holds, String argument, Object value, String expected) {
        if (!holds) {
            throw new BadArgumentException(argument, value, expected);
        }
    }
}
