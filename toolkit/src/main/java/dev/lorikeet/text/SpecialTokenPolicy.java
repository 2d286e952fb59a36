package dev.lorikeet.text;

import com.google.gson.JsonObject;
import dev.lorikeet.text.format.JsonFiles;
import dev.lorikeet.text.format.SpecialIds;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The special tokens that a model expects around a text.
 *
 * @param bos whether the start token is put before a text
 * @param eos whether the end token is put after a text
 */
record SpecialTokenPolicy(boolean bos, boolean eos) {

    static final SpecialTokenPolicy NONE = new SpecialTokenPolicy(false, false);

    /** The usual policy of SentencePiece models: the start token, and no end token. */
    static final SpecialTokenPolicy BOS = new SpecialTokenPolicy(true, false);

    /** The policy that the ids of the empty text show. */
    static SpecialTokenPolicy of(int[] ids, SpecialIds special) {
        boolean start = special.bos().isPresent() && begins(ids, special.bos().getAsInt());
        boolean end = special.eos().isPresent() && ends(ids, special.eos().getAsInt());
        return new SpecialTokenPolicy(start, end && (ids.length > 1 || !start));
    }

    /** The policy of {@code tokenizer_config.json}; this one where the file does not say. */
    SpecialTokenPolicy configured(Path folder) {
        Path file = folder.resolve("tokenizer_config.json");
        if (!Files.exists(file)) {
            return this;
        }
        JsonObject config = JsonFiles.object(file);
        return new SpecialTokenPolicy(flag(config, "add_bos_token", bos), flag(config, "add_eos_token", eos));
    }

    /** Puts the tokens around ids that do not have them yet. */
    int[] around(int[] ids, SpecialIds special) {
        return around(new Encoding(ids, new int[ids.length]), special, 0).ids();
    }

    Encoding around(Encoding encoding, SpecialIds special, int textLength) {
        int[] ids = encoding.ids();
        boolean start =
                bos && special.bos().isPresent() && !begins(ids, special.bos().getAsInt());
        boolean end =
                eos && special.eos().isPresent() && !ends(ids, special.eos().getAsInt());
        if (!start && !end) {
            return encoding;
        }
        PieceList list = new PieceList();
        if (start) {
            list.add(special.bos().getAsInt(), 0);
        }
        for (int i = 0; i < ids.length; i++) {
            list.add(ids[i], encoding.ends()[i]);
        }
        if (end) {
            list.add(special.eos().getAsInt(), textLength);
        }
        return list.encoding();
    }

    private static boolean begins(int[] ids, int token) {
        return ids.length > 0 && ids[0] == token;
    }

    private static boolean ends(int[] ids, int token) {
        return ids.length > 0 && ids[ids.length - 1] == token;
    }

    private static boolean flag(JsonObject config, String key, boolean otherwise) {
        return config.has(key) && config.get(key).isJsonPrimitive()
                ? config.get(key).getAsBoolean()
                : otherwise;
    }
}
