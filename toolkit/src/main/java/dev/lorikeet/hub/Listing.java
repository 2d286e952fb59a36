package dev.lorikeet.hub;

import java.util.List;

/**
 * The files of a repository.
 *
 * @param commit the hash of the commit that the revision means
 * @param files their names, with slashes where they are in folders
 * @param cached whether the hub could not be asked, so that these are only the files in the cache
 */
public record Listing(String commit, List<String> files, boolean cached) {

    public Listing {
        files = List.copyOf(files);
    }
}
