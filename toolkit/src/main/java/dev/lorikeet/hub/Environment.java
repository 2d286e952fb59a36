package dev.lorikeet.hub;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.LorikeetException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Settings of the hub in the environment variables that Python's tools read. An empty variable counts as not set.
 *
 * @param home the folder that a leading {@code ~} means
 */
record Environment(Map<String, String> variables, Path home) {

    private static final Set<String> TRUE = Set.of("1", "true", "yes", "on");

    static Environment ofProcess() {
        return new Environment(System.getenv(), Path.of(System.getProperty("user.home")));
    }

    /** {@code HF_HUB_CACHE}, else {@code HF_HOME/hub}, else {@code ~/.cache/huggingface/hub}. */
    Path cache() {
        return path("HF_HUB_CACHE").orElseGet(() -> root().resolve("hub"));
    }

    private Path root() {
        return path("HF_HOME").orElseGet(() -> path("XDG_CACHE_HOME")
                .orElseGet(() -> home.resolve(".cache"))
                .resolve("huggingface"));
    }

    /**
     * {@code HF_ENDPOINT}, else {@code https://huggingface.co}; without a slash at its end, and without a user's name and password,
     * which are never sent and must not appear in messages.
     */
    URI endpoint() {
        String address = get("HF_ENDPOINT").orElse("https://huggingface.co").replaceFirst("//[^/?#]*@", "//");
        try {
            URI endpoint = URI.create(address.replaceAll("/+$", ""));
            if (endpoint.getHost() != null && endpoint.getScheme().matches("(?i)https?")) {
                return endpoint;
            }
        } catch (IllegalArgumentException e) {
            // Reported below, as for any other value that is no address.
        }
        throw new BadArgumentException(
                "HF_ENDPOINT", address.replaceFirst("//.*@", "//…@"), "an address such as https://huggingface.co");
    }

    /** {@code HF_TOKEN}, else what the file {@code HF_TOKEN_PATH} holds, else the file {@code HF_HOME/token}. */
    Optional<String> token() {
        Path file = path("HF_TOKEN_PATH").orElseGet(() -> root().resolve("token"));
        Optional<String> token = get("HF_TOKEN").or(() -> read(file)).map(String::strip);
        if (token.isPresent() && !token.get().matches("[!-~]*")) {
            // The message must not show it.
            throw new LorikeetException(
                    "The token in HF_TOKEN or %s has characters that no token has, such as blanks.".formatted(file));
        }
        return token.filter(text -> !text.isEmpty());
    }

    private static Optional<String> read(Path file) {
        try {
            return Files.isRegularFile(file) ? Optional.of(Files.readString(file)) : Optional.empty();
        } catch (IOException e) {
            throw new BadFileException(file, "could not be read: " + e.getMessage(), e);
        }
    }

    /** Whether {@code HF_HUB_OFFLINE} forbids requests. */
    boolean offline() {
        return isTrue("HF_HUB_OFFLINE");
    }

    /** Whether the cache may use symbolic links, unless {@code HF_HUB_DISABLE_SYMLINKS} forbids them. */
    boolean links() {
        return !isTrue("HF_HUB_DISABLE_SYMLINKS");
    }

    private boolean isTrue(String name) {
        return get(name)
                .filter(value -> TRUE.contains(value.toLowerCase(Locale.ROOT)))
                .isPresent();
    }

    private Optional<Path> path(String name) {
        return get(name)
                .map(value -> value.matches("~([/\\\\].*)?")
                        ? home.resolve(value.substring(Math.min(2, value.length())))
                        : Path.of(value));
    }

    private Optional<String> get(String name) {
        return Optional.ofNullable(variables.get(name)).map(String::strip).filter(value -> !value.isEmpty());
    }

    /** Leaves out the variables, as the token may be among them. */
    @Override
    public String toString() {
        return "the environment's HF_ variables";
    }
}
