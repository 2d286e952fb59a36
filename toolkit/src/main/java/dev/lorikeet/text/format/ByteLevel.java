package dev.lorikeet.text.format;

import java.util.stream.IntStream;

/**
 * GPT-2's way to write a token's bytes in a JSON vocabulary: printable Latin-1 characters stand for themselves, the other
 * 68 bytes for the characters from U+0100 on, in order (a space becomes "Ġ").
 */
public final class ByteLevel {

    private static final char[] WRITTEN = alphabet();

    private ByteLevel() {}

    public static String written(byte[] bytes) {
        StringBuilder text = new StringBuilder(bytes.length);
        for (byte b : bytes) {
            text.append(WRITTEN[b & 0xff]);
        }
        return text.toString();
    }

    private static char[] alphabet() {
        char[] alphabet = new char[256];
        int next = 0x100;
        for (int b : IntStream.range(0, 256).toArray()) {
            boolean printable = b >= '!' && b <= '~' || b >= 0xa1 && b <= 0xac || b >= 0xae;
            alphabet[b] = (char) (printable ? b : next++);
        }
        return alphabet;
    }
}
