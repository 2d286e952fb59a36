/** What a notebook's cells are to JShell: their snippets, errors, completions and documentation, worded for a reader. */
package dev.lorikeet.notebook.cells;
