package dev.lorikeet.text.jinja;

import dev.lorikeet.text.jinja.Statement.Next;
import dev.lorikeet.text.jinja.Token.Kind;
import dev.lorikeet.text.jinja.value.Budget;
import dev.lorikeet.text.jinja.value.JinjaException;
import dev.lorikeet.text.jinja.value.Loop;
import dev.lorikeet.text.jinja.value.Namespace;
import dev.lorikeet.text.jinja.value.Values;
import dev.lorikeet.text.jinja.value.Writer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the statements of a template. */
final class StatementParser {

    private final Tokens tokens;
    private final ExpressionParser expressions;

    StatementParser(List<Token> tokens) {
        this.tokens = new Tokens(tokens);
        this.expressions = new ExpressionParser(this.tokens);
    }

    Statement template() {
        Statement body = body(Set.of());
        tokens.expect(Kind.END, "the end");
        return body;
    }

    /** Statements until a tag that begins with one of these words, of which the word is still to be read. */
    private Statement body(Set<String> ends) {
        List<Statement> statements = new ArrayList<>();
        while (tokens.peek().kind() != Kind.END) {
            Token token = tokens.next();
            switch (token.kind()) {
                case TEXT -> statements.add((scope, output) -> written(token.text(), output));
                case OUTPUT -> statements.add(output(token.line()));
                default -> {
                    if (ends.contains(tokens.peek().text())) {
                        return block(statements);
                    }
                    statements.add(located(statement(), token.line()));
                }
            }
        }
        if (!ends.isEmpty()) {
            throw new JinjaException(
                    "the template ends before " + String.join(" or ", ends),
                    tokens.peek().line());
        }
        return block(statements);
    }

    private static Statement block(List<Statement> statements) {
        return (scope, output) -> {
            for (Statement statement : statements) {
                Budget.steps(1);
                Next next = statement.run(scope, output);
                if (next != Next.STATEMENT) {
                    return next;
                }
            }
            return Next.STATEMENT;
        };
    }

    private static Next written(String text, Output output) {
        Budget.characters(text.length());
        output.text.append(text);
        return Next.STATEMENT;
    }

    private Statement output(int line) {
        Expression value = expressions.list();
        tokens.expect(Kind.OUTPUT_END, "}}");
        return located((scope, output) -> written(Writer.text(value.in(scope)), output), line);
    }

    private static Statement located(Statement statement, int line) {
        return (scope, output) -> {
            try {
                return statement.run(scope, output);
            } catch (JinjaException e) {
                throw e.at(line);
            }
        };
    }

    private Statement statement() {
        Token tag = tokens.expect(Kind.NAME, "the name of a tag");
        return switch (tag.text()) {
            case "if" -> condition();
            case "for" -> loop();
            case "set" -> assignment();
            case "macro" -> macro();
            case "generation" -> generation();
            case "break" -> jump(Next.AFTER_LOOP);
            case "continue" -> jump(Next.ROUND);
            default ->
                throw new JinjaException(
                        "the tag \"" + tag.text() + "\" is not supported or stands astray", tag.line());
        };
    }

    private Statement jump(Next next) {
        tokens.endBlock();
        return (scope, output) -> next;
    }

    /** A body up to the tag {@code end}, which is read too. */
    private Statement bodyTo(String end) {
        tokens.endBlock();
        Statement body = body(Set.of(end));
        tokens.expectName(end);
        tokens.endBlock();
        return body;
    }

    private Statement condition() {
        Expression condition = expressions.expression();
        tokens.endBlock();
        Statement then = body(Set.of("elif", "else", "endif"));
        Statement otherwise;
        if (tokens.skipName("elif")) {
            otherwise = condition();
        } else if (tokens.skipName("else")) {
            otherwise = bodyTo("endif");
        } else {
            tokens.expectName("endif");
            tokens.endBlock();
            otherwise = block(List.of());
        }
        return (scope, output) -> (condition.isTrue(scope) ? then : otherwise).run(scope, output);
    }

    private List<String> names() {
        boolean group = tokens.skipOperator("(");
        List<String> names = new ArrayList<>();
        do {
            names.add(tokens.expect(Kind.NAME, "a name").text());
        } while (tokens.skipOperator(","));
        if (group) {
            tokens.expectOperator(")");
        }
        return names;
    }

    private Statement loop() {
        List<String> names = names();
        tokens.expectName("in");
        Expression many = expressions.or();
        Expression chosen = tokens.skipName("if") ? expressions.expression() : scope -> true;
        tokens.endBlock();
        Statement body = body(Set.of("else", "endfor"));
        Statement otherwise = block(List.of());
        if (tokens.skipName("else")) {
            otherwise = bodyTo("endfor");
        } else {
            tokens.expectName("endfor");
            tokens.endBlock();
        }
        Statement empty = otherwise;
        return (scope, output) -> {
            List<Object> items = new ArrayList<>();
            for (Object item : Values.items(many.in(scope))) {
                Scope inside = new Scope(scope);
                inside.set(names, item);
                if (chosen.isTrue(inside)) {
                    items.add(item);
                }
            }
            return items.isEmpty() ? empty.run(scope, output) : rounds(names, items, body, scope, output);
        };
    }

    private static Next rounds(List<String> names, List<Object> items, Statement body, Scope scope, Output output) {
        Loop loop = new Loop(items, scope.get("loop") instanceof Loop outer ? outer : null);
        for (int i = 0; i < items.size(); i++) {
            Budget.steps(1);
            loop.at(i);
            Scope inside = new Scope(scope);
            inside.set("loop", loop);
            inside.set(names, items.get(i));
            if (body.run(inside, output) == Next.AFTER_LOOP) {
                break;
            }
        }
        return Next.STATEMENT;
    }

    private Statement assignment() {
        List<String> names = names();
        String member = names.size() == 1 && tokens.skipOperator(".")
                ? tokens.expect(Kind.NAME, "a name").text()
                : null;
        if (!tokens.isOperator("=")) {
            Statement body = bodyTo("endset");
            return (scope, output) -> {
                Output inner = new Output();
                body.run(new Scope(scope), inner);
                return assigned(names, member, inner.text.toString(), scope);
            };
        }
        tokens.next();
        Expression value = expressions.list();
        tokens.endBlock();
        return (scope, output) -> assigned(names, member, value.in(scope), scope);
    }

    private static Next assigned(List<String> names, String member, Object value, Scope scope) {
        if (member == null) {
            scope.set(names, value);
        } else if (scope.get(names.get(0)) instanceof Namespace space) {
            space.values().put(member, value);
        } else {
            throw new JinjaException("only a namespace's values can be set; " + names.get(0) + " is none");
        }
        return Next.STATEMENT;
    }

    private Statement macro() {
        String name = tokens.expect(Kind.NAME, "the name of a macro").text();
        Map<String, Expression> parameters = new LinkedHashMap<>();
        tokens.expectOperator("(");
        while (!tokens.skipOperator(")")) {
            if (!parameters.isEmpty()) {
                tokens.expectOperator(",");
            }
            String parameter = tokens.expect(Kind.NAME, "a parameter").text();
            parameters.put(parameter, tokens.skipOperator("=") ? expressions.expression() : null);
        }
        Statement body = bodyTo("endmacro");
        return (scope, output) -> {
            scope.set(name, new Macro(name, parameters, body, scope));
            return Next.STATEMENT;
        };
    }

    private Statement generation() {
        Statement body = bodyTo("endgeneration");
        return (scope, output) -> {
            int start = output.text.length();
            Next next = body.run(new Scope(scope), output);
            output.generated.add(new Template.Stretch(start, output.text.length()));
            return next;
        };
    }
}
