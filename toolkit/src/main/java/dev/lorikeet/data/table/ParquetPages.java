package dev.lorikeet.data.table;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.parquet.bytes.ByteBufferInputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.bytes.BytesUtils;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DataPageV2;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.column.values.delta.DeltaBinaryPackingValuesReader;

/**
 * Looks into pages of delta encodings before they are decoded. The library takes memory for as many values as a page claims,
 * before it looks whether they are there.
 */
record ParquetPages(PageReadStore pages) implements PageReadStore {

    /** Writers use blocks of 128 values. */
    private static final int LARGEST_BLOCK = 1 << 12;

    /** Three numbers of at most five bytes. */
    private static final int HEADER = 15;

    @Override
    public long getRowCount() {
        return pages.getRowCount();
    }

    @Override
    public PageReader getPageReader(ColumnDescriptor column) {
        PageReader reader = pages.getPageReader(column);
        return new PageReader() {
            @Override
            public DictionaryPage readDictionaryPage() {
                return reader.readDictionaryPage();
            }

            @Override
            public long getTotalValueCount() {
                return reader.getTotalValueCount();
            }

            @Override
            public DataPage readPage() {
                DataPage page = reader.readPage();
                try {
                    check(page, column);
                } catch (IOException e) {
                    throw new UncheckedIOException(
                            "a page of the column " + String.join(".", column.getPath()) + ": " + e.getMessage(), e);
                }
                return page;
            }
        };
    }

    private static void check(DataPage page, ColumnDescriptor column) throws IOException {
        if (page instanceof DataPageV2 second) {
            check(second.getDataEncoding(), second.getData(), 0, 0);
        } else if (page instanceof DataPageV1 first) {
            // The levels stand before the values.
            int repetitions = column.getMaxRepetitionLevel() > 0 ? 1 : 0;
            int definitions = column.getMaxDefinitionLevel() > 0 ? 1 : 0;
            boolean known = (repetitions == 0 || first.getRlEncoding() == Encoding.RLE)
                    && (definitions == 0 || first.getDlEncoding() == Encoding.RLE);
            if (known) {
                check(first.getValueEncoding(), first.getBytes(), repetitions, definitions);
            }
        }
    }

    private static void check(Encoding encoding, BytesInput bytes, int repetitions, int definitions)
            throws IOException {
        if (encoding != Encoding.DELTA_BINARY_PACKED
                && encoding != Encoding.DELTA_LENGTH_BYTE_ARRAY
                && encoding != Encoding.DELTA_BYTE_ARRAY) {
            return;
        }
        ByteBufferInputStream in = bytes.toInputStream();
        for (int i = 0; i < repetitions + definitions; i++) {
            in.skipFully(BytesUtils.readIntLittleEndian(in));
        }
        int values = checkBlocks(in);
        if (encoding == Encoding.DELTA_BYTE_ARRAY) {
            // The lengths of the prefixes come before those of the rest.
            new DeltaBinaryPackingValuesReader().initFromPage(values, in);
            checkBlocks(in);
        }
    }

    /** Checks the header of packed numbers, each block of which has a byte at least; returns how many numbers there are. */
    private static int checkBlocks(ByteBufferInputStream in) throws IOException {
        in.mark(HEADER);
        int block = BytesUtils.readUnsignedVarInt(in);
        int parts = BytesUtils.readUnsignedVarInt(in);
        int values = BytesUtils.readUnsignedVarInt(in);
        in.reset();
        if (block < 1 || block > LARGEST_BLOCK || parts < 1 || parts > block) {
            throw new IOException("it claims to have blocks of %d values in %d parts".formatted(block, parts));
        }
        if (values < 0 || values / block > in.available()) {
            throw new EOFException("it claims to have %d values in %d bytes".formatted(values, in.available()));
        }
        return values;
    }
}
