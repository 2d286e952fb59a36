package dev.lorikeet.text.jinja;

import dev.lorikeet.text.jinja.Token.Kind;
import dev.lorikeet.text.jinja.value.JinjaException;
import java.util.List;

/** The tokens of a template, read one after the other. */
final class Tokens {

    private final List<Token> tokens;
    private int at;

    Tokens(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token peek() {
        return tokens.get(at);
    }

    /** The token after the next one; the last one again at the end. */
    Token second() {
        return tokens.get(Math.min(at + 1, tokens.size() - 1));
    }

    Token next() {
        Token token = tokens.get(at);
        at = Math.min(at + 1, tokens.size() - 1);
        return token;
    }

    boolean isName(String name) {
        return peek().is(Kind.NAME, name);
    }

    boolean isOperator(String operator) {
        return peek().is(Kind.OPERATOR, operator);
    }

    boolean skipName(String name) {
        boolean there = isName(name);
        at += there ? 1 : 0;
        return there;
    }

    boolean skipOperator(String operator) {
        boolean there = isOperator(operator);
        at += there ? 1 : 0;
        return there;
    }

    Token expect(Kind kind, String what) {
        if (peek().kind() != kind) {
            throw new JinjaException("expected " + what + ", not " + peek(), peek().line());
        }
        return next();
    }

    void expectOperator(String operator) {
        if (!skipOperator(operator)) {
            throw new JinjaException("expected \"" + operator + "\", not " + peek(), peek().line());
        }
    }

    void expectName(String name) {
        if (!skipName(name)) {
            throw new JinjaException("expected \"" + name + "\", not " + peek(), peek().line());
        }
    }

    void endBlock() {
        expect(Kind.BLOCK_END, "the end of the tag");
    }
}
