package dev.lorikeet.data.table;

import dev.lorikeet.base.BadFileException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/** The first bytes of files that are no text, though their names may say so. */
enum FileSignature {
    ZIP(
            "PK\003\004",
            "is a zip archive or an Excel workbook, whatever its name says; unpack it, or save it as CSV (UTF-8)"),
    OLD_EXCEL("\u00d0\u00cf\u0011\u00e0", "is an old Excel workbook, whatever its name says; save it as CSV (UTF-8)"),
    GZIP("\u001f\u008b", "is compressed; give it a name that ends in .gz"),
    PARQUET("PAR1\u0015", "is a Parquet file; give it a name that ends in .parquet"),
    ARROW("ARROW1\0\0", "is an Arrow or Feather file; save it as Parquet"),
    PDF("%PDF-", "is a PDF file, whatever its name says"),
    SQLITE("SQLite format 3", "is an SQLite database; export the table as CSV"),
    PICKLE("\u0080\004\u0095", "is a Python pickle, which runs code when it is read; save it as Parquet");

    private final byte[] bytes;
    private final String problem;

    FileSignature(String start, String problem) {
        this.bytes = start.getBytes(StandardCharsets.ISO_8859_1);
        this.problem = problem;
    }

    /** @throws BadFileException if a file that should be a text starts as another kind of file does */
    static void check(byte[] start, int length, Path file) {
        for (FileSignature signature : values()) {
            int size = signature.bytes.length;
            if (length >= size && Arrays.equals(start, 0, size, signature.bytes, 0, size)) {
                throw new BadFileException(file, signature.problem);
            }
        }
    }
}
