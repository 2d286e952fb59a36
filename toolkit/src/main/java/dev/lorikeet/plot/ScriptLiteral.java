package dev.lorikeet.plot;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.lorikeet.base.BadArgumentException;

/**
 * Parses the object literals in the scripts that Tablesaw writes, which are not JSON: keys without quotes, commas before a closing
 * bracket, NaN. A text in double quotes is escaped as in JavaScript; one in single quotes is escaped for HTML only, so that a
 * backslash or a line break in it stands for itself.
 */
final class ScriptLiteral {

    private final String script;
    private int at;

    private ScriptLiteral(String script) {
        this.script = script;
    }

    /** Parses the value that a script assigns to a variable, such as {@code var layout = {…};}. */
    static JsonObject assigned(String script) {
        ScriptLiteral literal = new ScriptLiteral(script);
        literal.at = script.indexOf('=') + 1;
        JsonElement value = literal.value();
        if (!value.isJsonObject()) {
            throw literal.unreadable();
        }
        return value.getAsJsonObject();
    }

    private JsonElement value() {
        return switch (next()) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> new JsonPrimitive(doubleQuoted());
            case '\'' -> new JsonPrimitive(singleQuoted());
            default -> word();
        };
    }

    private JsonObject object() {
        JsonObject object = new JsonObject();
        at++;
        while (next() != '}') {
            String key =
                    switch (next()) {
                        case '"' -> doubleQuoted();
                        case '\'' -> singleQuoted();
                        default -> bare();
                    };
            if (next() != ':') {
                throw unreadable();
            }
            at++;
            object.add(key, value());
            skipComma('}');
        }
        at++;
        return object;
    }

    private JsonArray array() {
        JsonArray array = new JsonArray();
        at++;
        while (next() != ']') {
            array.add(value());
            skipComma(']');
        }
        at++;
        return array;
    }

    private void skipComma(char end) {
        if (next() == ',') {
            at++;
        } else if (next() != end) {
            throw unreadable();
        }
    }

    /** Moves past white space and returns the next character without taking it. */
    private char next() {
        while (at < script.length() && Character.isWhitespace(script.charAt(at))) {
            at++;
        }
        if (at == script.length()) {
            throw unreadable();
        }
        return script.charAt(at);
    }

    private String singleQuoted() {
        int end = script.indexOf('\'', at + 1);
        if (end < 0) {
            throw unreadable();
        }
        String text = script.substring(at + 1, end);
        at = end + 1;
        return text.replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&#39;", "'")
                .replace("&amp;", "&");
    }

    private String doubleQuoted() {
        StringBuilder text = new StringBuilder();
        for (at++; at < script.length() && script.charAt(at) != '"'; at++) {
            text.append(script.charAt(at) == '\\' ? escaped() : script.charAt(at));
        }
        if (at >= script.length()) {
            throw unreadable();
        }
        at++;
        return text.toString();
    }

    /** Reads the character that an escape stands for and stops on its last one. */
    private char escaped() {
        at++;
        if (at >= script.length()) {
            throw unreadable();
        }
        char kind = script.charAt(at);
        if (kind == 'u') {
            int end = Math.min(script.length(), at + 5);
            String digits = script.substring(at + 1, end);
            at = end - 1;
            try {
                return (char) Integer.parseInt(digits, 16);
            } catch (NumberFormatException e) {
                throw unreadable();
            }
        }
        return switch (kind) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'b' -> '\b';
            case 'f' -> '\f';
            default -> kind;
        };
    }

    private String bare() {
        int start = at;
        while (at < script.length()
                && ",:;{}[]'\"".indexOf(script.charAt(at)) < 0
                && !Character.isWhitespace(script.charAt(at))) {
            at++;
        }
        if (start == at) {
            throw unreadable();
        }
        return script.substring(start, at);
    }

    private JsonElement word() {
        String word = bare();
        return switch (word) {
            case "true" -> new JsonPrimitive(true);
            case "false" -> new JsonPrimitive(false);
            case "null", "undefined", "NaN", "Infinity", "-Infinity" -> JsonNull.INSTANCE;
            default -> number(word);
        };
    }

    private JsonElement number(String word) {
        try {
            return new JsonPrimitive(Double.valueOf(word));
        } catch (NumberFormatException e) {
            return new JsonPrimitive(word);
        }
    }

    private BadArgumentException unreadable() {
        int from = Math.max(0, Math.min(at, script.length()) - 20);
        return new BadArgumentException(
                "script of the figure",
                script.substring(from, Math.min(script.length(), from + 40)),
                "an object as Tablesaw writes it");
    }
}
