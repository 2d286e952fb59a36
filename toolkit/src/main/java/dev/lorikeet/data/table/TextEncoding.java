package dev.lorikeet.data.table;

import dev.lorikeet.base.BadFileException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Finds out the encoding of a text: what its byte order mark says, else UTF-8, else Windows-1252 where the bytes look like a
 * Western language: mostly ASCII, with single other letters.
 */
final class TextEncoding {

    private static final Charset WINDOWS = Charset.forName("windows-1252");
    private static final int HIGH = 0x80;

    private final Path file;

    private long offset;
    private int line = 1;
    private long zeros;
    private long zerosAtOddPlaces;
    private long letters;
    private long high;

    /** Characters of several bytes, and bytes that belong to none. */
    private long characters;

    private long strays;
    private Place firstStray;
    private Place firstZero;

    /** Where the current character began, how many bytes it lacks, and between what the next one lies. */
    private int begunLine;

    private long begunOffset;
    private int begunValue;
    private int lacking;
    private int lowest;
    private int highest;

    private record Place(int value, int line, long offset) {
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "byte 0x%02X in line %d, offset %d", value, line, offset);
        }
    }

    private TextEncoding(Path file) {
        this.file = file;
    }

    /**
     * Reads a text to its end; says in a line if it is not Unicode.
     *
     * @throws BadFileException if it is no text, or in an encoding that is not supported; it names the place
     */
    static Charset of(InputStream in, Path file) throws IOException {
        TextEncoding encoding = new TextEncoding(file);
        byte[] bytes = new byte[1 << 16];
        int start = in.readNBytes(bytes, 0, bytes.length);
        FileSignature.check(bytes, start, file);
        if (start > 1 && bytes[0] == (byte) 0xff && bytes[1] == (byte) 0xfe) {
            return StandardCharsets.UTF_16LE;
        }
        if (start > 1 && bytes[0] == (byte) 0xfe && bytes[1] == (byte) 0xff) {
            return StandardCharsets.UTF_16BE;
        }
        for (int count = start; count > 0; count = in.read(bytes)) {
            for (int i = 0; i < count; i++) {
                encoding.add(bytes[i] & 0xff);
            }
        }
        return encoding.charset();
    }

    private void add(int value) {
        if (lacking > 0 && value >= lowest && value <= highest) {
            high++;
            lacking--;
            characters += lacking == 0 ? 1 : 0;
            between(0x80, 0xbf);
        } else {
            stray(lacking > 0);
            begin(value);
        }
        line += value == '\n' ? 1 : 0;
        offset++;
    }

    /** Takes the first byte of a character (RFC 3629). */
    private void begin(int value) {
        lacking = value < 0xc2 || value > 0xf4 ? 0 : value < 0xe0 ? 1 : value < 0xf0 ? 2 : 3;
        between(value == 0xe0 ? 0xa0 : value == 0xf0 ? 0x90 : 0x80, value == 0xed ? 0x9f : value == 0xf4 ? 0x8f : 0xbf);
        if (value >= HIGH) {
            high++;
            begunLine = line;
            begunOffset = offset;
            begunValue = value;
            stray(lacking == 0);
        } else if (value == 0) {
            firstZero = zeros++ == 0 ? new Place(0, line, offset) : firstZero;
            zerosAtOddPlaces += offset % 2;
        } else if (Character.isLetter(value)) {
            letters++;
        }
    }

    private void between(int lowest, int highest) {
        this.lowest = lowest;
        this.highest = highest;
    }

    private void stray(boolean is) {
        if (is) {
            firstStray = strays++ == 0 ? new Place(begunValue, begunLine, begunOffset) : firstStray;
        }
    }

    private Charset charset() {
        // Every other byte of Western letters is zero.
        if (zeros > offset / 3 && zerosAtOddPlaces % zeros == 0) {
            throw new BadFileException(
                    file, "looks like UTF-16 without the byte order mark that tells it; save it as UTF-8");
        }
        if (zeros > 0) {
            throw new BadFileException(file, "is no text, or a damaged one: " + firstZero);
        }
        stray(lacking > 0);
        if (strays == 0) {
            return StandardCharsets.UTF_8;
        }
        if (characters > strays) {
            throw new BadFileException(
                    file, "is damaged UTF-8: " + firstStray + "; mend or remove that place, or save the file again");
        }
        if (high > (letters + high) / 3) {
            throw new BadFileException(
                    file,
                    "is neither UTF-8 nor in a Western encoding (Windows-1252): " + firstStray
                            + "; save it as UTF-8, as iconv -f ENCODING -t UTF-8 does");
        }
        System.out.println(file.getFileName() + " is not UTF-8 (" + firstStray + "); it is read as Windows-1252.");
        return WINDOWS;
    }
}
