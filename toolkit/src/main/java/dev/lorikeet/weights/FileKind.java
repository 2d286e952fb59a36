package dev.lorikeet.weights;

import dev.lorikeet.base.BadFileException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;

/** A format that is read, recognized by its first bytes. */
enum FileKind {
    SAFETENSORS(Safetensors::open),
    INDEX(ShardedSafetensors::open),
    GGUF(Gguf::open);

    private static final int MAGIC_BYTES = 9;

    /** Other files that often carry the name of a weights file, by their first characters. */
    private static final Map<String, String> OTHERS = Map.of(
            "PK", "a zip archive, such as PyTorch's own .bin and .pt files: convert it to safetensors",
            "version h", "a pointer of Git LFS, not the file itself: fetch it with git lfs pull",
            "<!doctype", "a web page: download the file itself",
            "<html", "a web page: download the file itself");

    private final Function<Path, TensorFile> opener;

    FileKind(Function<Path, TensorFile> opener) {
        this.opener = opener;
    }

    TensorFile open(Path path) {
        return opener.apply(path);
    }

    static FileKind of(Path path) {
        String start;
        try (FileBytes file = new FileBytes(path)) {
            ByteBuffer first = ByteBuffer.allocate((int) Math.min(MAGIC_BYTES, file.size()));
            file.read(first, 0, "the first bytes");
            start = new String(first.array(), StandardCharsets.ISO_8859_1);
        }
        if (start.startsWith("GGUF")) {
            return GGUF;
        }
        // A safetensors file begins with a length, whose bytes contain zeros; a text does not.
        if (start.startsWith("{") && start.indexOf('\0') < 0) {
            return INDEX;
        }
        if (start.length() == MAGIC_BYTES && start.endsWith("{")) {
            return SAFETENSORS;
        }
        throw new BadFileException(path, "is neither a safetensors nor a GGUF file; it is " + guess(start));
    }

    private static String guess(String start) {
        String lower = start.toLowerCase(java.util.Locale.ROOT);
        return OTHERS.entrySet().stream()
                .filter(other -> lower.startsWith(other.getKey().toLowerCase(java.util.Locale.ROOT)))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(start.isEmpty() ? "empty" : "of an unknown kind");
    }
}
