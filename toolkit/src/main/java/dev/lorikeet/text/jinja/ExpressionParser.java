package dev.lorikeet.text.jinja;

import dev.lorikeet.text.jinja.Token.Kind;
import dev.lorikeet.text.jinja.value.Operators;
import dev.lorikeet.text.jinja.value.Undefined;
import dev.lorikeet.text.jinja.value.Values;
import dev.lorikeet.text.jinja.value.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BinaryOperator;

/** Reads expressions, with Jinja2's precedence: "not" comes after the comparisons, and those after sums and products. */
final class ExpressionParser {

    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");

    private final Tokens tokens;
    private final OperandParser operands;

    ExpressionParser(Tokens tokens) {
        this.tokens = tokens;
        this.operands = new OperandParser(tokens, this);
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
        return OperandParser.all(items);
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
            left = binary(left, product(), (one, other) -> Operators.add(Writer.text(one), Writer.text(other)));
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
        Expression left = operands.operand();
        while (tokens.skipOperator("**")) {
            left = binary(left, operands.operand(), Operators::power);
        }
        return left;
    }

    private static Expression binary(Expression left, Expression right, BinaryOperator<Object> operator) {
        return scope -> operator.apply(left.in(scope), right.in(scope));
    }
}
