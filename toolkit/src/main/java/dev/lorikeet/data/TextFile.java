package dev.lorikeet.data;

import dev.lorikeet.base.BadFileException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** Reads a UTF-8 file, also a compressed one with the extension {@code .gz}. */
final class TextFile {

    private static final String BYTE_ORDER_MARK = "\uFEFF";
    private static final String GZIP = ".gz";

    private TextFile() {}

    /** Reads a file as one text without a byte order mark. */
    static String read(Path file) {
        FileCheck.exists(file);
        try (InputStream in = open(file)) {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(in.readAllBytes()))
                    .toString();
            return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** Opens a file to read it line by line. */
    static BufferedReader lines(Path file) {
        FileCheck.exists(file);
        try {
            return new BufferedReader(new InputStreamReader(open(file), StandardCharsets.UTF_8.newDecoder()));
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    static boolean isCompressed(String name) {
        return name.endsWith(GZIP);
    }

    private static InputStream open(Path file) throws IOException {
        InputStream in = Files.newInputStream(file);
        return isCompressed(file.toString()) ? new GZIPInputStream(in) : in;
    }

    static BadFileException unreadable(Path file, IOException e) {
        return new BadFileException(file, "could not be read as UTF-8 text: " + e.getMessage(), e);
    }
}
