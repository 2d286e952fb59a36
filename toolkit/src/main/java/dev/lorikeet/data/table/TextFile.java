package dev.lorikeet.data.table;

import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.Quantities;
import dev.lorikeet.base.StoppedException;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/** Reads a text file in the encoding that {@link TextEncoding} finds, also a compressed one with the extension {@code .gz}. */
public final class TextFile {

    private static final char BYTE_ORDER_MARK = '\uFEFF';
    private static final String GZIP = ".gz";

    private TextFile() {}

    /** Reads a file as one text without a byte order mark. */
    public static String read(Path file) {
        FileCheck.exists(file);
        try (InputStream in = open(file)) {
            if (Files.size(file) > Integer.MAX_VALUE / 2) {
                throw new BadFileException(
                        file,
                        "has " + Quantities.bytes(Files.size(file))
                                + ", too much to be read at once; cut it into parts, or save it as Parquet or .jsonl");
            }
            byte[] bytes = in.readAllBytes();
            String text = new String(bytes, TextEncoding.of(new ByteArrayInputStream(bytes), file));
            return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** Opens a file to read it line by line, behind the byte order mark. */
    public static BufferedReader lines(Path file) {
        FileCheck.exists(file);
        try (InputStream whole = open(file)) {
            Charset charset = TextEncoding.of(whole, file);
            BufferedReader reader = new BufferedReader(new InputStreamReader(open(file), charset));
            reader.mark(1);
            if (reader.read() != BYTE_ORDER_MARK) {
                reader.reset();
            }
            return reader;
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** Whether this ASCII character is the first that is not white space. */
    static boolean startsWith(Path file, char character) {
        try (InputStream in = open(file)) {
            int first = in.read();
            // Byte order marks, and the zeros of UTF-16.
            while (first == 0 || first >= 0x80 || Character.isWhitespace(first)) {
                first = in.read();
            }
            return first == character;
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    static boolean isCompressed(String name) {
        return name.toLowerCase(Locale.ROOT).endsWith(GZIP);
    }

    private static InputStream open(Path file) throws IOException {
        InputStream in = Files.newInputStream(file);
        return isCompressed(file.toString()) ? new GZIPInputStream(in) : in;
    }

    static BadFileException unreadable(Path file, IOException e) {
        if (e instanceof ClosedByInterruptException) {
            StoppedException.check("Reading " + file + " was stopped");
        }
        return new BadFileException(file, "could not be read: " + e.getMessage(), e);
    }
}
