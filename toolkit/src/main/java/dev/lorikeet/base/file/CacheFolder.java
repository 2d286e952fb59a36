package dev.lorikeet.base.file;

import java.nio.file.Path;

/** The folder for what is costly to get a second time. */
public final class CacheFolder {

    private CacheFolder() {}

    /** {@code LORIKEET_CACHE}, or {@code .cache/lorikeet} in the home folder. */
    public static Path ofEnvironment() {
        String chosen = System.getenv("LORIKEET_CACHE");
        return chosen != null && !chosen.isBlank()
                ? Path.of(chosen)
                : Path.of(System.getProperty("user.home"), ".cache", "lorikeet");
    }
}
