package dev.lorikeet.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.Telemetry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/** A {@code tokenizer.json} run by Hugging Face's tokenizers library. */
final class LibraryTokenizer extends AbstractTokenizer {

    /** The wrapper truncates to 512 and pads unless told otherwise. */
    private static final Map<String, String> PLAIN =
            Map.of("truncation", "false", "padding", "false", "addSpecialTokens", "false");

    /** A notebook cell that is run again drops its tokenizer without closing it. */
    private static final Cleaner CLEANER = Cleaner.create();

    private final HuggingFaceTokenizer natives;
    private final Cleaner.Cleanable cleanup;

    LibraryTokenizer(TokenizerJson tokenizer, SpecialIds special, Path forErrors) {
        super(tokenizer.kind(), tokenizer.vocabulary(), special);
        natives = natives(tokenizer.json(), forErrors);
        cleanup = CLEANER.register(this, natives::close);
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

    /** Past the wrapper's own method, which makes several Java objects for each token only to drop them. */
    @Override
    int[] encodeWhole(String text) {
        long encoding = TokenizersLibrary.LIB.encode(natives.getHandle(), text, false);
        try {
            return Arrays.stream(TokenizersLibrary.LIB.getTokenIds(encoding))
                    .mapToInt(Math::toIntExact)
                    .toArray();
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
