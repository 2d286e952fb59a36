package dev.lorikeet.hub;

import java.util.List;

/**
 * The files of a repository.
 *
 * @param commit the hash of the commit that the revision means
 * @param files their names, with slashes where they are in folders
 * @param cached whether only the cache was asked, which may hold some of the files, because the hub could not be
 */
public record Listing(String commit, List<String> files, boolean cached) {

    public Listing {
        files = List.copyOf(files);
    }
}
