package dev.lorikeet.hub;

import java.net.URI;

/**
 * A file to be downloaded.
 *
 * @param content what is known of it
 * @param name for errors, such as "owner/name@main, config.json"
 * @param title for the progress bar
 */
record Source(URI address, Content content, String name, String title) {}
