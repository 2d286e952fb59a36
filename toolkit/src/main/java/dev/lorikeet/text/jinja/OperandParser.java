package dev.lorikeet.text.jinja;

import dev.lorikeet.text.jinja.Token.Kind;
import dev.lorikeet.text.jinja.value.Arguments;
import dev.lorikeet.text.jinja.value.Budget;
import dev.lorikeet.text.jinja.value.Callable;
import dev.lorikeet.text.jinja.value.Filters;
import dev.lorikeet.text.jinja.value.JinjaException;
import dev.lorikeet.text.jinja.value.Operators;
import dev.lorikeet.text.jinja.value.Strings;
import dev.lorikeet.text.jinja.value.Tests;
import dev.lorikeet.text.jinja.value.Undefined;
import dev.lorikeet.text.jinja.value.Values;
import dev.lorikeet.text.jinja.value.Writer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads what operators work on: values with their signs, members, calls, filters and tests, which bind closest. */
final class OperandParser {

    /** Words that end the argument of a test. */
    private static final Set<String> AFTER_TEST = Set.of("else", "or", "and", "is", "if", "not", "in");

    private final Tokens tokens;
    private final ExpressionParser expressions;

    OperandParser(Tokens tokens, ExpressionParser expressions) {
        this.tokens = tokens;
        this.expressions = expressions;
    }

    Expression operand() {
        return unary(true);
    }

    private Expression unary(boolean withFilters) {
        Expression value;
        if (tokens.skipOperator("-")) {
            Expression positive = unary(false);
            value = scope -> Operators.subtract(0L, positive.in(scope));
        } else if (tokens.skipOperator("+")) {
            value = unary(false);
        } else {
            value = primary();
        }
        Expression whole = postfix(value);
        return withFilters ? filtered(whole) : whole;
    }

    private Expression primary() {
        Token token = tokens.next();
        return switch (token.kind()) {
            case STRING -> string(token);
            case INTEGER -> constant(whole(token));
            case FLOAT -> constant(Double.valueOf(token.text().replace("_", "")));
            case NAME -> name(token);
            case OPERATOR ->
                switch (token.text()) {
                    case "(" -> group();
                    case "[" -> all(items("]"));
                    case "{" -> dict();
                    default -> throw unexpected(token);
                };
            default -> throw unexpected(token);
        };
    }

    private static Object whole(Token token) {
        try {
            return Long.valueOf(token.text().replace("_", ""));
        } catch (NumberFormatException e) {
            throw new JinjaException("the number " + token.text() + " is too large", token.line());
        }
    }

    private static JinjaException unexpected(Token token) {
        return new JinjaException("expected a value, not " + token, token.line());
    }

    /** Strings side by side are one. */
    private Expression string(Token first) {
        StringBuilder text = new StringBuilder(first.text());
        while (tokens.peek().kind() == Kind.STRING) {
            text.append(tokens.next().text());
        }
        return constant(text.toString());
    }

    private static Expression constant(Object value) {
        return scope -> value;
    }

    private static Expression name(Token token) {
        return switch (token.text()) {
            case "true", "True" -> constant(true);
            case "false", "False" -> constant(false);
            case "none", "None" -> constant(null);
            default -> scope -> scope.get(token.text());
        };
    }

    private Expression group() {
        if (tokens.skipOperator(")")) {
            return constant(List.of());
        }
        Expression value = expressions.list();
        tokens.expectOperator(")");
        return value;
    }

    private List<Expression> items(String close) {
        List<Expression> items = new ArrayList<>();
        while (!tokens.skipOperator(close)) {
            if (!items.isEmpty()) {
                tokens.expectOperator(",");
                if (tokens.skipOperator(close)) {
                    break;
                }
            }
            items.add(expressions.expression());
        }
        return items;
    }

    static Expression all(List<Expression> items) {
        return scope -> {
            List<Object> values = new ArrayList<>();
            items.forEach(item -> values.add(item.in(scope)));
            return values;
        };
    }

    private Expression dict() {
        Map<Expression, Expression> entries = new LinkedHashMap<>();
        while (!tokens.skipOperator("}")) {
            if (!entries.isEmpty()) {
                tokens.expectOperator(",");
                if (tokens.skipOperator("}")) {
                    break;
                }
            }
            Expression key = expressions.expression();
            tokens.expectOperator(":");
            entries.put(key, expressions.expression());
        }
        return scope -> {
            Map<Object, Object> values = new LinkedHashMap<>();
            entries.forEach((key, value) -> values.put(key.in(scope), value.in(scope)));
            return values;
        };
    }

    private Expression postfix(Expression start) {
        Expression value = start;
        while (true) {
            Expression whole = value;
            if (tokens.skipOperator(".")) {
                Token name = tokens.next();
                Object key = name.kind() == Kind.INTEGER ? whole(name) : (Object) name.text();
                value = scope -> Values.item(whole.in(scope), key, name.text());
            } else if (tokens.skipOperator("[")) {
                value = subscript(whole);
            } else if (tokens.isOperator("(")) {
                value = call(whole, tokens.peek().line());
            } else {
                return value;
            }
        }
    }

    private Expression subscript(Expression whole) {
        Expression from = tokens.isOperator(":") ? constant(null) : expressions.expression();
        if (tokens.skipOperator("]")) {
            return scope -> {
                Object key = from.in(scope);
                return Values.item(whole.in(scope), key, Writer.text(key));
            };
        }
        tokens.expectOperator(":");
        Expression to = tokens.isOperator(":") || tokens.isOperator("]") ? constant(null) : expressions.expression();
        Expression step =
                tokens.skipOperator(":") && !tokens.isOperator("]") ? expressions.expression() : constant(null);
        tokens.expectOperator("]");
        return scope -> Values.slice(whole.in(scope), from.in(scope), to.in(scope), step.in(scope));
    }

    /** Parses the contents of {@code (…)}. */
    private interface Given {
        Arguments in(Scope scope);
    }

    private Expression call(Expression called, int line) {
        Given given = arguments();
        return scope -> {
            Object function = called.in(scope);
            try {
                if (function instanceof Callable callable) {
                    return Budget.charged(callable.call(given.in(scope)));
                }
                throw function instanceof Undefined undefined
                        ? undefined.error()
                        : new JinjaException(Values.kind(function) + " cannot be called");
            } catch (JinjaException e) {
                throw e.at(line);
            }
        };
    }

    private Given arguments() {
        tokens.expectOperator("(");
        List<Expression> positional = new ArrayList<>();
        Map<String, Expression> named = new LinkedHashMap<>();
        while (!tokens.skipOperator(")")) {
            if (!positional.isEmpty() || !named.isEmpty()) {
                tokens.expectOperator(",");
                if (tokens.skipOperator(")")) {
                    break;
                }
            }
            if (tokens.peek().kind() == Kind.NAME && tokens.second().is(Kind.OPERATOR, "=")) {
                String name = tokens.next().text();
                tokens.next();
                named.put(name, expressions.expression());
            } else {
                positional.add(expressions.expression());
            }
        }
        return scope -> {
            List<Object> values = new ArrayList<>();
            positional.forEach(argument -> values.add(argument.in(scope)));
            Map<String, Object> names = new LinkedHashMap<>();
            named.forEach((name, argument) -> names.put(name, argument.in(scope)));
            return new Arguments(values, names);
        };
    }

    private Expression filtered(Expression start) {
        Expression value = start;
        while (true) {
            if (tokens.isOperator("|")) {
                value = filter(value);
            } else if (tokens.skipName("is")) {
                value = test(value);
            } else if (tokens.isOperator("(")) {
                value = call(value, tokens.peek().line());
            } else {
                return value;
            }
        }
    }

    private Expression filter(Expression filtered) {
        tokens.expectOperator("|");
        Token name = tokens.expect(Kind.NAME, "a filter");
        Filters.Filter filter = known(name, () -> Filters.named(name.text()));
        Given given = tokens.isOperator("(") ? arguments() : scope -> Arguments.NONE;
        return scope -> {
            try {
                return Budget.charged(filter.apply(filtered.in(scope), given.in(scope)));
            } catch (JinjaException e) {
                throw e.at(name.line());
            }
        };
    }

    private Expression test(Expression tested) {
        boolean negated = tokens.skipName("not");
        Token name = tokens.expect(Kind.NAME, "a test");
        Tests.Test test = known(name, () -> Tests.named(Strings.lower(name.text())));
        Given given;
        Token next = tokens.peek();
        if (tokens.isOperator("(")) {
            given = arguments();
        } else if (next.kind() == Kind.STRING
                || next.kind() == Kind.INTEGER
                || next.kind() == Kind.FLOAT
                || tokens.isOperator("[")
                || tokens.isOperator("{")
                || next.kind() == Kind.NAME && !AFTER_TEST.contains(next.text())) {
            Expression argument = postfix(primary());
            given = scope -> new Arguments(Collections.singletonList(argument.in(scope)), Map.of());
        } else {
            given = scope -> Arguments.NONE;
        }
        return scope -> test.holds(tested.in(scope), given.in(scope)) != negated;
    }

    private static <T> T known(Token name, java.util.function.Supplier<T> found) {
        try {
            return found.get();
        } catch (JinjaException e) {
            throw e.at(name.line());
        }
    }
}
