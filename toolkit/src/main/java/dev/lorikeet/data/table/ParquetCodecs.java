package dev.lorikeet.data.table;

import com.github.luben.zstd.ZstdInputStream;
import dev.lorikeet.base.BadFileException;
import io.airlift.compress.lz4.Lz4Decompressor;
import io.airlift.compress.lz4.Lz4HadoopStreams;
import io.airlift.compress.lzo.LzoHadoopStreams;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.xerial.snappy.Snappy;

/**
 * Decompresses the pages of a Parquet file. Parquet's own codecs need Hadoop.
 *
 * @param file for errors
 */
record ParquetCodecs(Path file) implements CompressionCodecFactory {

    /** No codec here makes more of a byte, so a page that claims to be larger is damaged. */
    private static final long LARGEST_RATIO = 1 << 15;

    private static final long SMALL = 1 << 20;

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
        if (codec == CompressionCodecName.BROTLI) {
            throw new BadFileException(
                    file,
                    "is compressed with " + codec + ", which is not supported; write it with zstd, snappy or gzip");
        }
        return new Decompressor(codec);
    }

    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
        throw new UnsupportedOperationException("files are only read");
    }

    @Override
    public void release() {
        // Nothing is held.
    }

    private record Decompressor(CompressionCodecName codec) implements CompressionCodecFactory.BytesInputDecompressor {

        @Override
        public BytesInput decompress(BytesInput bytes, int size) throws IOException {
            return codec == CompressionCodecName.UNCOMPRESSED
                    ? bytes
                    : BytesInput.from(decompress(bytes.toByteArray(), size));
        }

        @Override
        public void decompress(ByteBuffer input, int compressedSize, ByteBuffer output, int size) throws IOException {
            byte[] compressed = new byte[compressedSize];
            input.get(compressed);
            output.put(codec == CompressionCodecName.UNCOMPRESSED ? compressed : decompress(compressed, size));
        }

        private byte[] decompress(byte[] bytes, int size) throws IOException {
            if (size < 0 || size > SMALL + LARGEST_RATIO * bytes.length) {
                throw new IOException("a page of " + bytes.length + " bytes claims to have " + size);
            }
            InputStream in = new ByteArrayInputStream(bytes);
            return switch (codec) {
                case SNAPPY -> snappy(bytes, size);
                case GZIP -> read(new GZIPInputStream(in), size);
                case ZSTD -> read(new ZstdInputStream(in), size);
                case LZ4_RAW -> lz4(bytes, size);
                case LZ4 -> hadoopLz4(bytes, size);
                case LZO -> read(new LzoHadoopStreams().createInputStream(in), size);
                default -> throw new IOException("its codec is " + codec);
            };
        }

        /** Looks at the length that the page itself claims before anything of that size is made. */
        private static byte[] snappy(byte[] bytes, int size) throws IOException {
            if (Snappy.uncompressedLength(bytes) != size) {
                throw new IOException(
                        "a page claims to have %d and %d bytes".formatted(size, Snappy.uncompressedLength(bytes)));
            }
            return Snappy.uncompress(bytes);
        }

        /** Reads the blocks that Hadoop writes; some writers leave out what stands around the block. */
        private static byte[] hadoopLz4(byte[] bytes, int size) throws IOException {
            try {
                return read(new Lz4HadoopStreams().createInputStream(new ByteArrayInputStream(bytes)), size);
            } catch (IOException | RuntimeException e) {
                return lz4(bytes, size);
            }
        }

        private static byte[] lz4(byte[] bytes, int size) throws IOException {
            byte[] page = new byte[size];
            int count = new Lz4Decompressor().decompress(bytes, 0, bytes.length, page, 0, size);
            return count == size ? page : exactly(new byte[count], size);
        }

        private static byte[] read(InputStream in, int size) throws IOException {
            try (in) {
                return exactly(in.readNBytes(size), size);
            }
        }

        private static byte[] exactly(byte[] page, int size) throws IOException {
            if (page.length != size) {
                throw new IOException("a page has " + page.length + " bytes; expected " + size);
            }
            return page;
        }

        @Override
        public void release() {
            // Nothing is held.
        }
    }
}
