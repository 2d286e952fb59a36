package dev.lorikeet.data.table;

import java.util.List;

/**
 * A row of a text file.
 *
 * @param line where it begins, from 1
 */
record TableRow(int line, List<String> cells) {}
