/**
 * Files that are written whole or not at all, their hashes, and the folder of the cache.
 */
package dev.lorikeet.base.file;
