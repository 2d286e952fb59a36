package dev.lorikeet.hub;

/**
 * What the hub says of a file.
 *
 * @param commit the commit that the revision means
 * @param content its size and hash
 */
record RemoteFile(String commit, Content content) {}
