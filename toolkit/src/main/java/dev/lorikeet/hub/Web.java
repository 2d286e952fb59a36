package dev.lorikeet.hub;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.StoppedException;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.OptionalLong;

/** Downloads single files from anywhere on the web. */
public final class Web {

    private Web() {}

    /**
     * Downloads a file, which appears under its name once it is complete. If its SHA-256 is known, a download that broke off
     * is resumed, even by a later call.
     *
     * @param sha256 the file's SHA-256, 64 hex digits, if known
     * @param title for the progress bar, such as "Downloading the SMS Spam Collection"
     * @throws DownloadException if the download fails or the hash differs
     * @throws BadFileException if it cannot be written
     * @throws StoppedException if the thread is interrupted
     */
    public static void fetch(URI address, Path file, Optional<String> sha256, String title, RetryPolicy policy) {
        sha256.ifPresent(hash -> BadArgumentException.unless(
                hash.matches("[0-9a-f]{64}"), "sha256", hash, "64 digits from 0 to 9 and a to f"));
        Path partial = file.resolveSibling(file.getFileName() + ".incomplete");
        Content content = new Content(OptionalLong.empty(), sha256.orElse(""));
        try {
            if (sha256.isEmpty()) {
                Files.deleteIfExists(partial);
            }
            Http http = new Http(policy, address, Optional.empty());
            Transfer.run(
                    http, policy, new Transfer.DownloadSource(address, content, address.toString(), title), partial);
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (NetworkException | RefusedException e) {
            throw new DownloadException(address.getHost() + ": " + e.getMessage(), e);
        } catch (InterruptedException | ClosedByInterruptException e) {
            Thread.interrupted();
            throw new StoppedException(title + " was stopped; nothing was changed.");
        } catch (IOException e) {
            throw new BadFileException(file, "could not be written: " + e.getMessage(), e);
        } finally {
            if (sha256.isEmpty()) {
                deleteSilently(partial);
            }
        }
    }

    /** Downloads a small file into memory; see {@link #fetch}. */
    public static byte[] bytes(URI address, String title, RetryPolicy policy) {
        try {
            Path file = Files.createTempFile("lorikeet-", ".download");
            try {
                fetch(address, file, Optional.empty(), title, policy);
                return Files.readAllBytes(file);
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            Path folder = Path.of(System.getProperty("java.io.tmpdir"));
            throw new BadFileException(folder, "could not be written: " + e.getMessage(), e);
        }
    }

    private static void deleteSilently(Path partial) {
        try {
            Files.deleteIfExists(partial);
        } catch (IOException e) {
            // The download has succeeded or failed with its own error; the next one deletes this first.
        }
    }
}
