/**
 * Downloads: from the Hugging Face hub into the cache shared with Python, and single files from the web. Also finds files that
 * Python packages carry. Uploads belong here too; what a file means belongs to the room that reads it.
 */
package dev.lorikeet.hub;
