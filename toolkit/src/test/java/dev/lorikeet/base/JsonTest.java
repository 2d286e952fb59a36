package dev.lorikeet.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

/** Values of JSON files are of the type that is expected, or named in an error. */
class JsonTest {

    private static void assertRefused(String expected, BiFunction<JsonElement, String, ?> reader, String... values) {
        for (String value : values) {
            JsonElement parsed = Json.parse(value);
            assertEquals(
                    "key is %s; expected %s".formatted(parsed, expected),
                    assertThrows(JsonParseException.class, () -> reader.apply(parsed, "key"))
                            .getMessage());
        }
    }

    @Test
    void valuesOfTheTypeAreGiven() {
        assertEquals("a", Json.text(Json.parse("\"a\""), "key"));
        assertEquals(12, Json.integer(Json.parse("12.0"), "key"));
        assertEquals(1000, Json.integer(Json.parse("1e3"), "key"));
        assertEquals(0.5, Json.number(Json.parse("0.5"), "key"));
        assertEquals(true, Json.flag(Json.parse("true"), "key"));
        assertEquals(List.of(1, 2), Json.list(Json.parse("[1, 2]"), "key", Json::integer));
        assertEquals(1, Json.object(Json.parse("{\"a\": 1}"), "key").size());
    }

    @Test
    void othersAreNamed() {
        assertRefused("a string", Json::text, "1", "{}", "[]", "null", "true");
        assertRefused(
                "a whole number of at most 2147483647",
                Json::integer,
                "\"1\"",
                "1.5",
                "2147483648",
                "1e1000000000",
                "true",
                "null",
                "1" + "0".repeat(50));
        assertRefused("a finite number", Json::number, "\"1\"", "1e400", "null", "[]");
        assertRefused("true or false", Json::flag, "\"true\"", "1", "null");
        assertRefused("a list", Json::list, "{}", "1", "null");
        assertRefused("an object", Json::object, "[]", "1", "null");
        assertEquals(
                "key is missing; expected an object",
                assertThrows(JsonParseException.class, () -> Json.object(null, "key"))
                        .getMessage());
        assertEquals(
                "an element of key is {}; expected a string",
                assertThrows(JsonParseException.class, () -> Json.list(Json.parse("[\"a\", {}]"), "key", Json::text))
                        .getMessage());
    }

    @Test
    void aLongValueIsCutInTheMessage() {
        String message = assertThrows(
                        JsonParseException.class,
                        () -> Json.number(Json.parse("\"" + "x".repeat(100_000) + "\""), "key"))
                .getMessage();
        assertEquals(60 + "key is …; expected a finite number".length(), message.length());
    }
}
