package dev.lorikeet.text.format;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.BadFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/** Tokens and their ids, both ways. Ids may have gaps. */
public final class Vocabulary {

    /** More than any published vocabulary; a larger id is damage, and would ask for an array as large. */
    private static final int MOST = 1 << 24;

    private final Map<String, Integer> ids;
    private final String[] tokens;

    private Vocabulary(Map<String, Integer> ids, String[] tokens) {
        this.ids = ids;
        this.tokens = tokens;
    }

    /** @throws BadFileException if an id is negative or absurdly large */
    public static Vocabulary of(Map<String, Integer> ids, Path forErrors) {
        int size = 0;
        for (var entry : ids.entrySet()) {
            int id = entry.getValue();
            if (id < 0 || id >= MOST) {
                throw new BadFileException(
                        forErrors, "token \"" + entry.getKey() + "\" has the id " + id + ", which cannot be");
            }
            size = Math.max(size, id + 1);
        }
        String[] tokens = new String[size];
        ids.forEach((token, id) -> tokens[id] = token);
        return new Vocabulary(new LinkedHashMap<>(ids), tokens);
    }

    public Map<String, Integer> ids() {
        return Collections.unmodifiableMap(ids);
    }

    public int size() {
        return tokens.length;
    }

    boolean contains(String token) {
        return ids.containsKey(token);
    }

    public OptionalInt id(String token) {
        Integer id = ids.get(token);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    public String token(int id) {
        check(id);
        return tokens[id];
    }

    public boolean has(int id) {
        return id >= 0 && id < tokens.length && tokens[id] != null;
    }

    public void check(int... wanted) {
        for (int id : wanted) {
            if (!has(id)) {
                throw new BadArgumentException("token id", id, "one of the vocabulary, 0 to " + (tokens.length - 1));
            }
        }
    }
}
