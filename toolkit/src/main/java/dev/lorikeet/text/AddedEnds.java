package dev.lorikeet.text;

import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Which special tokens a model expects around a text.
 *
 * @param bos whether the one that starts a text is put before it
 * @param eos whether the one that ends a text is put after it
 */
record AddedEnds(boolean bos, boolean eos) {

    static final AddedEnds NONE = new AddedEnds(false, false);

    /** As SentencePiece models of the Llama family are used where nothing is said. */
    static final AddedEnds BOS = new AddedEnds(true, false);

    /** What a tokenizer makes of no text. */
    static AddedEnds of(int[] ids, SpecialIds special) {
        boolean start = special.bos().isPresent() && begins(ids, special.bos().getAsInt());
        boolean end = special.eos().isPresent() && ends(ids, special.eos().getAsInt());
        return new AddedEnds(start, end && (ids.length > 1 || !start));
    }

    /** What {@code tokenizer_config.json} says; this where it is silent. */
    AddedEnds configured(Path folder) {
        Path file = folder.resolve("tokenizer_config.json");
        if (!Files.exists(file)) {
            return this;
        }
        JsonObject config = JsonFiles.object(file);
        return new AddedEnds(flag(config, "add_bos_token", bos), flag(config, "add_eos_token", eos));
    }

    /** Ids with what is to be around them and is not yet. */
    int[] around(int[] ids, SpecialIds special) {
        boolean start =
                bos && special.bos().isPresent() && !begins(ids, special.bos().getAsInt());
        boolean end =
                eos && special.eos().isPresent() && !ends(ids, special.eos().getAsInt());
        int[] whole = new int[ids.length + (start ? 1 : 0) + (end ? 1 : 0)];
        System.arraycopy(ids, 0, whole, start ? 1 : 0, ids.length);
        if (start) {
            whole[0] = special.bos().getAsInt();
        }
        if (end) {
            whole[whole.length - 1] = special.eos().getAsInt();
        }
        return whole;
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
