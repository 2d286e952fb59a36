package dev.lorikeet.text.jinja;

import dev.lorikeet.text.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BinaryOperator;

/** Reads expressions, with Jinja2's precedence: "is" and "|" bind closest, "not" comes after the comparisons. */
final class ExpressionParser {

    /** Words that end the argument of a test. */
    private static final Set<String> AFTER_TEST = Set.of("else", "or", "and", "is", "if", "not", "in");

    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");

    private final Tokens tokens;

    ExpressionParser(Tokens tokens) {
        this.tokens = tokens;
    }

    /** An expression, or several with commas between them, which are a list. */
    Expression list() {
        Expression first = expression();
        if (!tokens.isOperator(",")) {
            return first;
        }
        List<Expression> items = new ArrayList<>(List.of(first));
        while (tokens.skipOperator(",") && startsExpression()) {
            items.add(expression());
        }
        return all(items);
    }

    private boolean startsExpression() {
        Kind kind = tokens.peek().kind();
        return kind != Kind.BLOCK_END && kind != Kind.OUTPUT_END && !tokens.isOperator(")") && !tokens.isOperator("=");
    }

    Expression expression() {
        Expression value = or();
        while (tokens.skipName("if")) {
            Expression then = value;
            Expression condition = or();
            Expression otherwise =
                    tokens.skipName("else") ? expression() : scope -> new Undefined("an if without else");
            value = scope -> condition.isTrue(scope) ? then.in(scope) : otherwise.in(scope);
        }
        return value;
    }

    /** Without "if", which ends the list of a loop. */
    Expression or() {
        Expression left = and();
        while (tokens.skipName("or")) {
            Expression one = left;
            Expression other = and();
            left = scope -> {
                Object value = one.in(scope);
                return Values.isTrue(value) ? value : other.in(scope);
            };
        }
        return left;
    }

    private Expression and() {
        Expression left = not();
        while (tokens.skipName("and")) {
            Expression one = left;
            Expression other = not();
            left = scope -> {
                Object value = one.in(scope);
                return Values.isTrue(value) ? other.in(scope) : value;
            };
        }
        return left;
    }

    private Expression not() {
        if (tokens.skipName("not")) {
            Expression value = not();
            return scope -> !value.isTrue(scope);
        }
        return comparison();
    }

    /** A chain holds where each neighbour's comparison does. */
    private Expression comparison() {
        Expression left = sum();
        Expression chain = null;
        while (true) {
            boolean negated = tokens.isName("not") && tokens.second().is(Kind.NAME, "in");
            boolean in = negated || tokens.isName("in");
            Token sign = tokens.peek();
            if (!in && (sign.kind() != Kind.OPERATOR || !COMPARISONS.contains(sign.text()))) {
                return chain == null ? left : chain;
            }
            tokens.next();
            if (negated) {
                tokens.next();
            }
            Expression one = left;
            Expression other = sum();
            String operator = in ? "in" : sign.text();
            Expression link = scope -> compared(operator, one.in(scope), other.in(scope)) != negated;
            Expression before = chain;
            chain = before == null ? link : scope -> before.isTrue(scope) && link.isTrue(scope);
            left = other;
        }
    }

    private static boolean compared(String operator, Object left, Object right) {
        return switch (operator) {
            case "==" -> Values.equal(left, right);
            case "!=" -> !Values.equal(left, right);
            case "in" -> Values.contains(right, left);
            case "<" -> Values.compare(left, right) < 0;
            case "<=" -> Values.compare(left, right) <= 0;
            case ">" -> Values.compare(left, right) > 0;
            default -> Values.compare(left, right) >= 0;
        };
    }

    private Expression sum() {
        Expression left = joined();
        while (true) {
            if (tokens.skipOperator("+")) {
                left = binary(left, joined(), Operators::add);
            } else if (tokens.skipOperator("-")) {
                left = binary(left, joined(), Operators::subtract);
            } else {
                return left;
            }
        }
    }

    private Expression joined() {
        Expression left = product();
        while (tokens.skipOperator("~")) {
            left = binary(left, product(), (one, other) -> Writer.text(one) + Writer.text(other));
        }
        return left;
    }

    private Expression product() {
        Expression left = power();
        while (true) {
            if (tokens.skipOperator("*")) {
                left = binary(left, power(), Operators::multiply);
            } else if (tokens.skipOperator("/")) {
                left = binary(left, power(), Operators::divide);
            } else if (tokens.skipOperator("//")) {
                left = binary(left, power(), Operators::floorDivide);
            } else if (tokens.skipOperator("%")) {
                left = binary(left, power(), Operators::modulo);
            } else {
                return left;
            }
        }
    }

    private Expression power() {
        Expression left = unary(true);
        while (tokens.skipOperator("**")) {
            left = binary(left, unary(true), Operators::power);
        }
        return left;
    }

    private static Expression binary(Expression left, Expression right, BinaryOperator<Object> operator) {
        return scope -> operator.apply(left.in(scope), right.in(scope));
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
            case INTEGER -> constant(Long.valueOf(token.text().replace("_", "")));
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
        Expression value = list();
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
            items.add(expression());
        }
        return items;
    }

    private static Expression all(List<Expression> items) {
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
            Expression key = expression();
            tokens.expectOperator(":");
            entries.put(key, expression());
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
                Object key = name.kind() == Kind.INTEGER ? Long.valueOf(name.text()) : (Object) name.text();
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
        Expression from = tokens.isOperator(":") ? constant(null) : expression();
        if (tokens.skipOperator("]")) {
            return scope -> {
                Object key = from.in(scope);
                return Values.item(whole.in(scope), key, Writer.text(key));
            };
        }
        tokens.expectOperator(":");
        Expression to = tokens.isOperator(":") || tokens.isOperator("]") ? constant(null) : expression();
        Expression step = tokens.skipOperator(":") && !tokens.isOperator("]") ? expression() : constant(null);
        tokens.expectOperator("]");
        return scope -> Values.slice(whole.in(scope), from.in(scope), to.in(scope), step.in(scope));
    }

    /** What {@code (…)} holds. */
    private interface Given {
        Arguments in(Scope scope);
    }

    private Expression call(Expression called, int line) {
        Given given = arguments();
        return scope -> {
            Object function = called.in(scope);
            try {
                if (function instanceof Callable callable) {
                    return callable.call(given.in(scope));
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
                named.put(name, expression());
            } else {
                positional.add(expression());
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
                return filter.apply(filtered.in(scope), given.in(scope));
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
            given = scope -> new Arguments(List.of(argument.in(scope)), Map.of());
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
