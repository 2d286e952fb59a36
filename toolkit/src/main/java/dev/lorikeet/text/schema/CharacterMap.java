package dev.lorikeet.text.schema;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.Optional;

/**
 * The map of characters in a {@code Precompiled} normalizer, as SentencePiece compiles it: the size of a double-array trie, its
 * units, and the texts that it points into, each ended by a zero byte.
 */
final class CharacterMap {

    private static final int BYTES = 256;

    private final int[] units;
    private final byte[] texts;

    private CharacterMap(int[] units, byte[] texts) {
        this.units = units;
        this.texts = texts;
    }

    /** What is wrong with a map, if anything is; every path through the trie is walked. */
    static Optional<String> problem(byte[] bytes) {
        if (bytes.length < Integer.BYTES) {
            return Optional.of("it has " + bytes.length + " bytes");
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long size = Integer.toUnsignedLong(buffer.getInt());
        if (size % Integer.BYTES != 0 || size == 0 || size > buffer.remaining()) {
            return Optional.of("its trie of " + size + " bytes does not fit into " + buffer.remaining());
        }
        int[] units = new int[(int) size / Integer.BYTES];
        buffer.asIntBuffer().get(units);
        byte[] texts = new byte[buffer.remaining() - (int) size];
        buffer.position(buffer.position() + (int) size).get(texts);
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(texts));
        } catch (CharacterCodingException e) {
            return Optional.of("its texts are not UTF-8");
        }
        return new CharacterMap(units, texts).walk();
    }

    private Optional<String> walk() {
        BitSet seen = new BitSet();
        Deque<Integer> bases = new ArrayDeque<>();
        bases.add(offset(units[0]));
        while (!bases.isEmpty()) {
            int base = bases.remove();
            if (seen.get(base)) {
                continue;
            }
            seen.set(base);
            for (int b = 1; b < BYTES; b++) {
                int at = base ^ b;
                if (at >= units.length) {
                    return Optional.of("its trie points to unit " + at + " of " + units.length);
                }
                int unit = units[at];
                if ((unit & (1 << 31 | 0xFF)) == b) {
                    int next = at ^ offset(unit);
                    if (next >= units.length) {
                        return Optional.of("its trie points to unit " + next + " of " + units.length);
                    }
                    if ((unit >>> 8 & 1) == 1 && !isStart(units[next] & 0x7FFFFFFF)) {
                        return Optional.of("its trie points to byte " + (units[next] & 0x7FFFFFFF)
                                + " of the texts, where no character begins");
                    }
                    bases.add(next);
                }
            }
        }
        return Optional.empty();
    }

    /** Whether a character begins at a byte of the texts, or they end there. */
    private boolean isStart(int at) {
        return at == texts.length || at < texts.length && (texts[at] & 0xC0) != 0x80;
    }

    private static int offset(int unit) {
        return unit >>> 10 << ((unit & 1 << 9) >>> 6);
    }
}
