package dev.lorikeet.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import dev.lorikeet.TestData;
import dev.lorikeet.base.BadFileException;
import io.airlift.compress.lz4.Lz4Compressor;
import io.airlift.compress.lz4.Lz4HadoopStreams;
import io.airlift.compress.lzo.LzoHadoopStreams;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xerial.snappy.Snappy;
import tech.tablesaw.api.Table;

/** Parquet files of every codec, with every kind of value, and damaged ones. */
class ParquetCodecsTest {

    private static final List<String> TEXTS = IntStream.range(0, 500)
            .mapToObj(i -> "Row " + i + " lorem".repeat(i % 9))
            .toList();

    @TempDir
    Path folder;

    /** Compresses as other writers do. */
    private record Codec(CompressionCodecName name) implements CompressionCodecFactory {

        @Override
        public BytesInputCompressor getCompressor(CompressionCodecName codec) {
            return new BytesInputCompressor() {
                @Override
                public BytesInput compress(BytesInput bytes) throws IOException {
                    return BytesInput.from(compressed(bytes.toByteArray()));
                }

                @Override
                public CompressionCodecName getCodecName() {
                    return codec;
                }

                @Override
                public void release() {}
            };
        }

        private byte[] compressed(byte[] bytes) throws IOException {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            switch (name) {
                case SNAPPY -> out.write(Snappy.compress(bytes));
                case ZSTD -> out.write(Zstd.compress(bytes));
                case LZ4_RAW -> {
                    byte[] block = new byte[new Lz4Compressor().maxCompressedLength(bytes.length)];
                    int size = new Lz4Compressor().compress(bytes, 0, bytes.length, block, 0, block.length);
                    out.write(block, 0, size);
                }
                case GZIP -> write(bytes, new GZIPOutputStream(out));
                case LZ4 -> write(bytes, new Lz4HadoopStreams().createOutputStream(out));
                case LZO -> write(bytes, new LzoHadoopStreams().createOutputStream(out));
                default -> out.write(bytes);
            }
            return out.toByteArray();
        }

        private static void write(byte[] bytes, OutputStream out) throws IOException {
            try (out) {
                out.write(bytes);
            }
        }

        @Override
        public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void release() {}
    }

    private Path write(CompressionCodecName codec, WriterVersion version, MessageType schema, List<Group> rows)
            throws IOException {
        Path file = folder.resolve(codec + "-" + version + ".parquet");
        try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(new LocalOutputFile(file))
                .withConf(new PlainParquetConfiguration())
                .withCodecFactory(new Codec(codec))
                .withCompressionCodec(codec)
                .withWriterVersion(version)
                .withPageSize(2_000)
                .withType(schema)
                .build()) {
            for (Group row : rows) {
                writer.write(row);
            }
        }
        return file;
    }

    private Path texts(CompressionCodecName codec, WriterVersion version) throws IOException {
        MessageType schema = MessageTypeParser.parseMessageType("message schema { optional binary text (STRING); }");
        List<Group> rows = TEXTS.stream()
                .map(text -> new SimpleGroup(schema).append("text", text))
                .toList();
        return write(codec, version, schema, rows);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "BROTLI")
    void everyCodecIsRead(CompressionCodecName codec) throws IOException {
        for (WriterVersion version : WriterVersion.values()) {
            Table table = Datasets.read(texts(codec, version));
            assertEquals(TEXTS, table.stringColumn("text").asList(), codec + ", " + version);
        }
    }

    @Test
    void theCodecThatIsNotReadIsNamed() throws IOException {
        Path file = texts(CompressionCodecName.BROTLI, WriterVersion.PARQUET_1_0);
        assertEquals(
                file + ": is compressed with BROTLI, which is not supported; write it with zstd, snappy or gzip",
                assertThrows(BadFileException.class, () -> Datasets.read(file)).getMessage());
    }

    @Test
    void valuesOfEveryKindAreReadAsPeopleWriteThem() throws IOException {
        MessageType schema = MessageTypeParser.parseMessageType(
                """
                message schema {
                  required int96 old;
                  required int64 local (TIMESTAMP(MICROS,false));
                  required int32 time (TIME(MILLIS,true));
                  required int64 precise (TIME(NANOS,false));
                  required int32 unsigned (INTEGER(32,false));
                  required int64 large (INTEGER(64,false));
                  required int32 small (INTEGER(8,true));
                  required fixed_len_byte_array(16) id (UUID);
                  required fixed_len_byte_array(2) half (FLOAT16);
                  required binary kind (ENUM);
                }
                """);
        ByteBuffer old = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
        old.putLong(11_045_678_900_000L).putInt(2_460_312);
        ByteBuffer id = ByteBuffer.allocate(16).putLong(1).putLong(2);
        Group row = new SimpleGroup(schema)
                .append("old", Binary.fromConstantByteArray(old.array()))
                .append("local", 1_704_164_645_678_900L)
                .append("time", 11_045_678)
                .append("precise", 11_045_678_900_001L)
                .append("unsigned", -2)
                .append("large", -1L)
                .append("small", -3)
                .append("id", Binary.fromConstantByteArray(id.array()))
                .append("half", Binary.fromConstantByteArray(new byte[] {0x00, 0x38}))
                .append("kind", "A");
        Table table = Datasets.read(
                write(CompressionCodecName.UNCOMPRESSED, WriterVersion.PARQUET_1_0, schema, List.of(row)));
        assertEquals(
                List.of(
                        "2024-01-02T03:04:05.678900",
                        "2024-01-02T03:04:05.678900",
                        "03:04:05.678",
                        "03:04:05.678900001",
                        "4294967294",
                        "18446744073709551615",
                        "-3",
                        "00000000-0000-0001-0000-000000000002",
                        "0.5",
                        "A"),
                table.columnNames().stream()
                        .map(name -> table.getString(0, name))
                        .toList());
    }

    @ParameterizedTest
    @EnumSource(names = {"UNCOMPRESSED", "SNAPPY", "ZSTD", "LZ4_RAW", "GZIP"})
    void damageIsToldWithTheFile(CompressionCodecName codec) throws IOException {
        byte[] whole = Files.readAllBytes(texts(codec, WriterVersion.PARQUET_1_0));
        Random random = new Random(17);
        Path file = folder.resolve("damaged.parquet");
        int refused = 0;
        for (int round = 0; round < 40; round++) {
            byte[] damaged = round % 2 == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
            for (int i = 0; i < 6 && damaged.length > 0; i++) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            }
            Files.write(file, damaged);
            try {
                Datasets.read(file);
            } catch (BadFileException e) {
                assertTrue(e.getMessage().startsWith(file + ": "), e.getMessage());
                refused++;
            }
        }
        assertTrue(refused >= 20, "all that are cut, at least: " + refused);
    }

    /** The file has 2 KB. */
    @Test
    void aGigabyteInASmallFileIsRefusedBeforeMemoryIsTaken() {
        Path file =
                TestData.checkout().resolve("toolkit/src/test/resources/dev/lorikeet/fuzz/parquet/LevelsOfAGigabyte");
        String message = assertThrows(
                        BadFileException.class, () -> Datasets.read(Files.copy(file, folder.resolve("a.parquet"))))
                .getMessage();
        assertTrue(message.contains("a page of the column"), message);
        assertTrue(message.contains("are left"), message);
    }
}
