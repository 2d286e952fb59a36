package dev.lorikeet.base.file;

import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.StoppedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of files and bytes, as 64 hex digits. */
public final class Sha256 {

    private static final int BUFFER = 1 << 16;

    private Sha256() {}

    public static String of(byte[] content) {
        return hex(digest().digest(content));
    }

    /**
     * Reads a file to its end.
     *
     * @throws BadFileException if it cannot be read
     * @throws StoppedException if the thread is interrupted
     */
    public static String of(Path file) {
        MessageDigest digest = digest();
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                StoppedException.check("Reading " + file + " was stopped; nothing has changed");
                digest.update(buffer, 0, read);
            }
        } catch (IOException e) {
            throw new BadFileException(file, "could not be read: " + e.getMessage(), e);
        }
        return hex(digest.digest());
    }

    private static String hex(byte[] hash) {
        return HexFormat.of().formatHex(hash);
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}
