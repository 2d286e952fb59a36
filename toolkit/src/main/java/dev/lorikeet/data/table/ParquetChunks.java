package dev.lorikeet.data.table;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;

/** Compares the sizes that a Parquet file claims with the file. The library takes the memory first and reads afterwards. */
final class ParquetChunks {

    private ParquetChunks() {}

    /** Checks the columns with these names. */
    static void check(Path file, ParquetMetadata footer, List<String> columns) throws IOException {
        try (SeekableByteChannel in = Files.newByteChannel(file)) {
            for (BlockMetaData block : footer.getBlocks()) {
                for (ColumnChunkMetaData chunk : block.getColumns()) {
                    if (columns.contains(chunk.getPath().toArray()[0])) {
                        check(in, chunk);
                    }
                }
            }
        }
    }

    private static void check(SeekableByteChannel in, ColumnChunkMetaData chunk) throws IOException {
        String column = chunk.getPath().toDotString();
        long position = chunk.getStartingPos();
        if (position < 0 || chunk.getTotalSize() < 0 || position > in.size() - chunk.getTotalSize()) {
            throw new EOFException("the column %s claims %d bytes from byte %d of %d"
                    .formatted(column, chunk.getTotalSize(), position, in.size()));
        }
        // The library reads pages until it has all values, whatever the size of the column.
        for (long values = 0; values < chunk.getValueCount(); ) {
            in.position(position);
            PageHeader page = Util.readPageHeader(Channels.newInputStream(in));
            long size = page.getCompressed_page_size();
            long left = in.size() - in.position();
            if (size < 0 || size > left) {
                throw claim(column, size, left);
            }
            if (page.isSetData_page_header_v2()) {
                checkLevels(page.getData_page_header_v2(), column, size);
            }
            if (page.isSetDictionary_page_header()) {
                checkEntries(page, column);
            }
            values += values(page);
            position = in.position() + size;
        }
    }

    /** The levels stand before the values, and each has a length of its own. */
    private static void checkLevels(DataPageHeaderV2 page, String column, long size) throws EOFException {
        long repetitions = page.getRepetition_levels_byte_length();
        long definitions = page.getDefinition_levels_byte_length();
        if (repetitions < 0 || definitions < 0 || repetitions + definitions > size) {
            throw claim(column, Math.max(repetitions, definitions), size);
        }
    }

    /** Each entry takes a byte at least. */
    private static void checkEntries(PageHeader page, String column) throws EOFException {
        int entries = page.getDictionary_page_header().getNum_values();
        if (entries < 0 || entries > page.getUncompressed_page_size()) {
            throw new EOFException("the dictionary of the column %s claims %d entries in %d bytes"
                    .formatted(column, entries, page.getUncompressed_page_size()));
        }
    }

    private static EOFException claim(String column, long claimed, long left) {
        return new EOFException(
                "a page of the column %s claims %d bytes, and %d are left".formatted(column, claimed, left));
    }

    private static int values(PageHeader page) {
        if (page.isSetData_page_header()) {
            return page.getData_page_header().getNum_values();
        }
        return page.isSetData_page_header_v2() ? page.getData_page_header_v2().getNum_values() : 0;
    }
}
