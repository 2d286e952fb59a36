package dev.lorikeet.text.jinja.value;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.LongBinaryOperator;

/** Python's arithmetic. */
public final class Operators {

    private Operators() {}

    public static Object add(Object left, Object right) {
        if (left instanceof String one && right instanceof String other) {
            Budget.characters((double) one.length() + other.length());
            return one + other;
        } else if (left instanceof List<?> one && right instanceof List<?> other) {
            Budget.steps(one.size() + other.size());
            List<Object> all = new ArrayList<>(one);
            all.addAll(other);
            return all;
        }
        return number("+", left, right, Math::addExact, Double::sum);
    }

    public static Object subtract(Object left, Object right) {
        return number("-", left, right, Math::subtractExact, (a, b) -> a - b);
    }

    public static Object multiply(Object left, Object right) {
        if (left instanceof String text && right instanceof Long times) {
            if (text.isEmpty() || times <= 0) {
                return "";
            }
            Budget.characters((double) times * text.length());
            return text.repeat((int) (long) times);
        }
        return number("*", left, right, Math::multiplyExact, (a, b) -> a * b);
    }

    public static Object divide(Object left, Object right) {
        return number("/", left, right, null, (a, b) -> a / nonZero(b));
    }

    public static Object floorDivide(Object left, Object right) {
        return number(
                "//", left, right, (a, b) -> Math.floorDiv(a, (long) nonZero(b)), (a, b) -> Math.floor(a / nonZero(b)));
    }

    /** Computes a remainder, or formats a string by "%"; only %s and %d are supported. */
    public static Object modulo(Object left, Object right) {
        if (left instanceof String format) {
            return formatted(format, right instanceof List<?> several ? several : Collections.singletonList(right));
        }
        return number(
                "%",
                left,
                right,
                (a, b) -> Math.floorMod(a, (long) nonZero(b)),
                (a, b) -> a - b * Math.floor(a / nonZero(b)));
    }

    public static Object power(Object left, Object right) {
        boolean whole = left instanceof Long && right instanceof Long exponent && exponent >= 0;
        double power = Math.pow(Values.number(left), Values.number(right));
        if (whole && Math.abs(power) >= Long.MAX_VALUE) {
            throw tooLarge(left, "**", right);
        }
        return whole ? (Object) (long) power : (Object) power;
    }

    static String formatted(String format, List<?> values) {
        StringBuilder text = new StringBuilder();
        int next = 0;
        for (int i = 0; i < format.length(); i++) {
            char sign = format.charAt(i) == '%' && i + 1 < format.length() ? format.charAt(++i) : 0;
            if (sign == 0 || sign == '%') {
                text.append(format.charAt(i));
            } else if ((sign == 's' || sign == 'd') && next < values.size()) {
                text.append(Writer.text(values.get(next++)));
            } else {
                throw new JinjaException("\"" + format + "\" cannot be filled in with " + values.size() + " values");
            }
        }
        return text.toString();
    }

    private static double nonZero(double value) {
        if (value == 0) {
            throw new JinjaException("division by zero");
        }
        return value;
    }

    private static Object number(
            String sign, Object left, Object right, LongBinaryOperator whole, DoubleBinaryOperator decimal) {
        for (Object operand : new Object[] {left, right}) {
            if (operand instanceof Undefined undefined) {
                throw undefined.error();
            }
        }
        if (!Values.isNumber(left) || !Values.isNumber(right)) {
            throw new JinjaException(Values.kind(left) + " " + sign + " " + Values.kind(right) + " cannot be");
        }
        boolean decimals = whole == null || left instanceof Double || right instanceof Double;
        try {
            return decimals
                    ? (Object) decimal.applyAsDouble(Values.number(left), Values.number(right))
                    : (Object) whole.applyAsLong(Values.integer(left), Values.integer(right));
        } catch (ArithmeticException e) {
            throw tooLarge(left, sign, right);
        }
    }

    private static JinjaException tooLarge(Object left, String sign, Object right) {
        return new JinjaException(left + " " + sign + " " + right + " is too large a number");
    }
}
