package dev.lorikeet.text;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import com.knuddels.jtokkit.api.IntArrayList;
import dev.lorikeet.text.format.ByteLevel;
import dev.lorikeet.text.format.SpecialIds;
import dev.lorikeet.text.format.Vocabulary;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** GPT-2's vocabulary as jtokkit carries it, for when no file is at hand. */
final class Gpt2Tokenizer extends AbstractTokenizer {

    private static final String END = "<|endoftext|>";
    private static final int END_ID = 50256;
    private static final Encoding R50K = Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.R50K_BASE);
    private static final Vocabulary VOCABULARY = Vocabulary.of(ids(), Path.of("r50k_base"));

    Gpt2Tokenizer() {
        super(
                "byte-level BPE",
                VOCABULARY,
                new SpecialIds(OptionalInt.of(END_ID), OptionalInt.of(END_ID), OptionalInt.of(END_ID)),
                SpecialTokenPolicy.NONE,
                ChatTemplates.none("GPT-2's vocabulary"));
    }

    private static Map<String, Integer> ids() {
        Map<String, Integer> ids = new HashMap<>();
        for (int id = 0; id < END_ID; id++) {
            ids.put(ByteLevel.written(R50K.decodeBytes(list(id))), id);
        }
        ids.put(END, END_ID);
        return ids;
    }

    /** jtokkit refuses special tokens, or takes them apart, so that they are taken out first. */
    @Override
    int[] encodeWhole(String text) {
        IntStream.Builder ids = IntStream.builder();
        int from = 0;
        for (int at = text.indexOf(END); at >= 0; at = text.indexOf(END, from)) {
            encodePlain(text.substring(from, at), ids);
            ids.add(END_ID);
            from = at + END.length();
        }
        encodePlain(text.substring(from), ids);
        return ids.build().toArray();
    }

    private static void encodePlain(String text, IntStream.Builder ids) {
        for (int id : R50K.encodeOrdinary(text).toArray()) {
            ids.add(id);
        }
    }

    @Override
    String decodeKnown(int[] ids) {
        return R50K.decode(list(ids));
    }

    private static IntArrayList list(int... ids) {
        IntArrayList list = new IntArrayList(ids.length);
        for (int id : ids) {
            list.add(id);
        }
        return list;
    }

    @Override
    void free() {}
}
