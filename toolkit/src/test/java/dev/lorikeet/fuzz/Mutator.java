package dev.lorikeet.fuzz;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Damages files: single bytes, pieces of them, numbers in headers, and, where a file is JSON, its values. */
final class Mutator {

    private static final int MOST_DAMAGES = 4;

    private static final long[] NUMBERS = {
        0,
        1,
        -1,
        2,
        7,
        127,
        128,
        255,
        256,
        32767,
        65536,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        1L << 32,
        1L << 40,
        Long.MAX_VALUE
    };

    private static final String[] TEXTS = {
        "",
        " ",
        "\u0000",
        "\ud800",
        "é",
        "🦜",
        "\r\n",
        "\"",
        "\\",
        "a".repeat(5000),
        "(a+)+$",
        "[",
        "{{ x }}",
        "../../x",
        "%s%n",
        "true",
        "NaN",
        "1e999",
        "-0",
        "<s>",
        "[INST]",
        "{}",
        "null"
    };

    private final Random random;

    Mutator(Random random) {
        this.random = random;
    }

    /** Returns a damaged copy of one of the seeds. */
    byte[] next(List<byte[]> seeds) {
        byte[] input = seeds.get(random.nextInt(seeds.size()));
        int damages = 1 + random.nextInt(MOST_DAMAGES);
        byte[] json = random.nextInt(3) > 0 ? damagedJson(input, damages) : null;
        if (json != null) {
            return json;
        }
        for (int i = 0; i < damages; i++) {
            input = damaged(input, seeds);
        }
        return input;
    }

    private int below(int length) {
        return length == 0 ? 0 : random.nextInt(length);
    }

    /** Beginnings hold the headers, so they are hit more often. */
    private int place(int length) {
        return random.nextBoolean() ? below(Math.min(length, 256)) : below(length);
    }

    private byte[] damaged(byte[] input, List<byte[]> seeds) {
        int at = place(input.length);
        byte[] copy = input.clone();
        switch (random.nextInt(9)) {
            case 0 -> {
                if (copy.length > 0) {
                    copy[at] ^= (byte) (1 << random.nextInt(8));
                }
                return copy;
            }
            case 1 -> {
                if (copy.length > 0) {
                    copy[at] = (byte) random.nextInt(256);
                }
                return copy;
            }
            case 2 -> {
                return joined(input, 0, at, new byte[0], input.length, input.length);
            }
            case 3 -> {
                return joined(
                        input, 0, at, new byte[0], Math.min(input.length, at + 1 + random.nextInt(64)), input.length);
            }
            case 4 -> {
                byte[] piece = new byte[random.nextInt(16)];
                random.nextBytes(piece);
                return joined(input, 0, at, piece, at, input.length);
            }
            case 5 -> {
                int from = below(input.length);
                int to = Math.min(input.length, from + 1 + random.nextInt(200));
                return joined(input, 0, at, java.util.Arrays.copyOfRange(input, from, to), at, input.length);
            }
            case 6 -> {
                byte[] other = seeds.get(random.nextInt(seeds.size()));
                int from = place(other.length);
                int to = Math.min(other.length, from + random.nextInt(500));
                return joined(input, 0, at, java.util.Arrays.copyOfRange(other, from, to), at, input.length);
            }
            case 7 -> {
                int size = random.nextBoolean() ? 4 : 8;
                if (at + size <= copy.length) {
                    ByteBuffer buffer = ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN);
                    long number = NUMBERS[random.nextInt(NUMBERS.length)];
                    if (size == 4) {
                        buffer.putInt(at, (int) number);
                    } else {
                        buffer.putLong(at, number);
                    }
                }
                return copy;
            }
            default -> {
                byte[] text = TEXTS[random.nextInt(TEXTS.length)].getBytes(StandardCharsets.UTF_8);
                return joined(input, 0, at, text, at, input.length);
            }
        }
    }

    private static byte[] joined(byte[] input, int from, int to, byte[] middle, int again, int end) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(input, from, to - from);
        out.writeBytes(middle);
        out.write(input, again, end - again);
        return out.toByteArray();
    }

    /** Replaces values of JSON, or of the header of a safetensors file; null where there is none. */
    private byte[] damagedJson(byte[] input, int damages) {
        int start = 0;
        int end = input.length;
        if (input.length > 8 && input[8] == '{' && input[0] != '{') {
            long header = ByteBuffer.wrap(input).order(ByteOrder.LITTLE_ENDIAN).getLong();
            if (header <= 0 || header > input.length - 8) {
                return null;
            }
            start = 8;
            end = (int) (8 + header);
        } else if (input.length == 0 || input[0] != '{' && input[0] != '[') {
            return null;
        }
        JsonElement json;
        try {
            json = JsonParser.parseString(new String(input, start, end - start, StandardCharsets.UTF_8));
        } catch (JsonParseException | IllegalStateException e) {
            return null;
        }
        for (int i = 0; i < damages; i++) {
            json = damaged(json, 0);
        }
        byte[] text = json.toString().getBytes(StandardCharsets.UTF_8);
        if (start == 0) {
            return text;
        }
        return ByteBuffer.allocate(8 + text.length + input.length - end)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length)
                .put(text)
                .put(input, end, input.length - end)
                .array();
    }

    private JsonElement damaged(JsonElement json, int depth) {
        if (json instanceof JsonObject object && object.size() > 0 && random.nextInt(6 + depth) > depth / 2) {
            List<Map.Entry<String, JsonElement>> entries = new ArrayList<>(object.entrySet());
            int chosen = random.nextInt(entries.size());
            JsonObject changed = new JsonObject();
            for (int i = 0; i < entries.size(); i++) {
                Map.Entry<String, JsonElement> entry = entries.get(i);
                if (i != chosen) {
                    changed.add(entry.getKey(), entry.getValue());
                    continue;
                }
                switch (random.nextInt(12)) {
                    case 0 -> {} // dropped
                    case 1 -> changed.add(TEXTS[random.nextInt(TEXTS.length)], entry.getValue());
                    case 2 ->
                        changed.add(
                                entry.getKey(),
                                entries.get(random.nextInt(entries.size())).getValue());
                    default -> changed.add(entry.getKey(), damaged(entry.getValue(), depth + 1));
                }
            }
            return changed;
        } else if (json instanceof JsonArray list && list.size() > 0 && random.nextInt(6 + depth) > depth / 2) {
            JsonArray changed = new JsonArray();
            int chosen = random.nextInt(list.size());
            for (int i = 0; i < list.size(); i++) {
                int way = i == chosen ? random.nextInt(10) : 10;
                if (way != 0) {
                    changed.add(way < 10 ? damaged(list.get(i), depth + 1) : list.get(i));
                }
                if (way == 1) {
                    changed.add(list.get(random.nextInt(list.size())));
                }
            }
            return changed;
        }
        return value(json);
    }

    private JsonElement value(JsonElement old) {
        return switch (random.nextInt(9)) {
            case 0 -> JsonNull.INSTANCE;
            case 1 -> new JsonPrimitive(random.nextBoolean());
            case 2, 3 -> new JsonPrimitive(NUMBERS[random.nextInt(NUMBERS.length)]);
            case 4 -> new JsonPrimitive(new BigDecimal(random.nextBoolean() ? "1e400" : "-0.5"));
            case 5 -> new JsonPrimitive(TEXTS[random.nextInt(TEXTS.length)]);
            case 6 -> new JsonObject();
            case 7 -> {
                JsonArray list = new JsonArray();
                list.add(old);
                yield list;
            }
            default ->
                old instanceof JsonPrimitive primitive && primitive.isString()
                        ? new JsonPrimitive(primitive.getAsString() + TEXTS[random.nextInt(TEXTS.length)])
                        : new JsonArray();
        };
    }
}
