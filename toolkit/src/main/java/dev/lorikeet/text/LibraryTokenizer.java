package dev.lorikeet.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.Telemetry;
import dev.lorikeet.text.format.SpecialIds;
import dev.lorikeet.text.format.TokenizerJson;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** A {@code tokenizer.json} run by Hugging Face's tokenizers library. */
final class LibraryTokenizer extends AbstractTokenizer {

    /** The wrapper truncates to 512 and pads unless told otherwise. */
    private static final Map<String, String> PLAIN =
            Map.of("truncation", "false", "padding", "false", "addSpecialTokens", "false");

    /** A notebook cell that is run again drops its tokenizer without closing it. */
    private static final Cleaner CLEANER = Cleaner.create();

    /** A space in a byte-level vocabulary. The place of a token of spaces alone the library trims to nothing. */
    private static final char SPACE = '\u0120';

    private final HuggingFaceTokenizer natives;
    private final Path file;
    private final Cleaner.Cleanable cleanup;

    private LibraryTokenizer(
            HuggingFaceTokenizer natives,
            TokenizerJson tokenizer,
            SpecialIds special,
            SpecialTokenPolicy policy,
            ChatTemplates templates,
            Path file) {
        super(tokenizer.kind(), tokenizer.vocabulary(), special, policy, templates);
        this.natives = natives;
        this.file = file;
        cleanup = CLEANER.register(this, natives::close);
    }

    /** @param configured what the files beside it make of the special tokens that the tokenizer itself adds */
    static LibraryTokenizer of(
            TokenizerJson tokenizer,
            SpecialIds special,
            UnaryOperator<SpecialTokenPolicy> configured,
            ChatTemplates templates,
            Path forErrors) {
        HuggingFaceTokenizer natives = natives(tokenizer.json(), forErrors);
        SpecialTokenPolicy own = SpecialTokenPolicy.of(ids(natives, "", true, forErrors), special);
        return new LibraryTokenizer(natives, tokenizer, special, configured.apply(own), templates, forErrors);
    }

    private static HuggingFaceTokenizer natives(String json, Path forErrors) {
        Telemetry.off();
        try {
            return HuggingFaceTokenizer.newInstance(
                    new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)), PLAIN);
        } catch (IOException | RuntimeException e) {
            throw new BadFileException(forErrors, "its tokenizer could not be used: " + e.getMessage(), e);
        }
    }

    @Override
    int[] encodeWhole(String text) {
        return ids(natives, text, false, file);
    }

    private static int[] ids(HuggingFaceTokenizer natives, String text, boolean addSpecialTokens, Path file) {
        long encoding = encode(natives, text, addSpecialTokens, file);
        try {
            return ids(encoding);
        } finally {
            TokenizersLibrary.LIB.deleteEncoding(encoding);
        }
    }

    /** Past the wrapper's own method, which makes several Java objects for each token only to drop them. */
    private static long encode(HuggingFaceTokenizer natives, String text, boolean addSpecialTokens, Path file) {
        try {
            return TokenizersLibrary.LIB.encode(natives.getHandle(), text, addSpecialTokens);
        } catch (RuntimeException e) {
            throw new BadFileException(file, "its tokenizer has no tokens for the text: " + e.getMessage(), e);
        }
    }

    private static int[] ids(long encoding) {
        return Arrays.stream(TokenizersLibrary.LIB.getTokenIds(encoding))
                .mapToInt(Math::toIntExact)
                .toArray();
    }

    @Override
    EncodedPair encodeWholePair(String first, String second, int longest) {
        int[] lengths = {encodeWhole(first).length, encodeWhole(second).length};
        long encoding;
        try {
            encoding = TokenizersLibrary.LIB.encodeDual(natives.getHandle(), first, second, true);
        } catch (RuntimeException e) {
            throw new BadFileException(file, "its tokenizer has no tokens for the texts: " + e.getMessage(), e);
        }
        try {
            int[] ids = ids(encoding);
            long[] types = TokenizersLibrary.LIB.getTypeIds(encoding);
            long[] special = TokenizersLibrary.LIB.getSpecialTokenMask(encoding);
            int around = ids.length - lengths[0] - lengths[1];
            BadArgumentException.unless(
                    longest > around, "tokens of a row", longest, "more than its special tokens, " + around);
            int[] kept = kept(lengths, longest - around);
            int[] at = IntStream.range(0, ids.length)
                    .filter(new PairCut(special, lengths[0], kept)::keeps)
                    .toArray();
            return new EncodedPair(
                    IntStream.of(at).map(i -> ids[i]).toArray(),
                    IntStream.of(at).map(i -> (int) types[i]).toArray());
        } finally {
            TokenizersLibrary.LIB.deleteEncoding(encoding);
        }
    }

    /** How many tokens of each text are kept, in the manner of "longest_first". */
    private static int[] kept(int[] lengths, int most) {
        if (lengths[0] + lengths[1] <= most) {
            return lengths;
        }
        boolean swapped = lengths[0] > lengths[1];
        int shorter = Math.min(lengths[0], lengths[1]);
        int longer = shorter > most ? shorter : Math.max(shorter, most - shorter);
        if (shorter + longer > most) {
            shorter = most / 2;
            longer = shorter + most % 2;
        }
        return swapped ? new int[] {longer, shorter} : new int[] {shorter, longer};
    }

    /** Says of the tokens of a pair, in their order, which are kept. */
    private static final class PairCut {

        private final long[] special;
        private final int first;
        private final int[] kept;
        private int seen;

        PairCut(long[] special, int first, int... kept) {
            this.special = special;
            this.first = first;
            this.kept = kept;
        }

        boolean keeps(int token) {
            if (special[token] == 1) {
                return true;
            }
            int own = seen++;
            return own < first ? own < kept[0] : own - first < kept[1];
        }
    }

    /** The library counts code points, Java halves of those beyond U+FFFF. */
    @Override
    Encoding encodeWholeWithOffsets(String text) {
        long encoding = encode(natives, text, false, file);
        try {
            int[] ids = ids(encoding);
            CharSpan[] spans = TokenizersLibrary.LIB.getTokenCharSpans(encoding);
            int[] ends = new int[ids.length];
            int at = 0;
            int points = 0;
            for (int i = 0; i < ends.length; i++) {
                String token = token(ids[i]);
                int end = token.chars().allMatch(c -> c == SPACE)
                        ? points + token.length()
                        : spans[i] == null ? points : Math.max(points, spans[i].getEnd());
                at = text.offsetByCodePoints(at, end - points);
                points = end;
                ends[i] = at;
            }
            return new Encoding(ids, ends);
        } finally {
            TokenizersLibrary.LIB.deleteEncoding(encoding);
        }
    }

    @Override
    String decodeKnown(int[] ids) {
        return natives.decode(Arrays.stream(ids).asLongStream().toArray(), false);
    }

    @Override
    void free() {
        cleanup.clean();
    }
}
