package dev.lorikeet.weights;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.lorikeet.base.BadFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DamagedGgufTest {

    /** A file as it is put together, value by value. */
    private static final class Bytes {

        private final ByteBuffer out = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);

        static Bytes version(int version) {
            return new Bytes().text("GGUF").u4(version);
        }

        static Bytes of(long tensors, long values) {
            return version(3).u8(tensors).u8(values);
        }

        Bytes u4(int value) {
            out.putInt(value);
            return this;
        }

        Bytes u8(long value) {
            out.putLong(value);
            return this;
        }

        Bytes text(String text) {
            out.put(text.getBytes(StandardCharsets.UTF_8));
            return this;
        }

        Bytes string(String text) {
            return u8(text.length()).text(text);
        }

        /** An entry of the table of contents. */
        Bytes tensor(String name, int type, long offset, long... shape) {
            string(name).u4(shape.length);
            Arrays.stream(shape).forEach(this::u8);
            return u4(type).u8(offset);
        }

        byte[] end() {
            return Arrays.copyOf(out.array(), out.position());
        }

        byte[] data(int bytes) {
            return Arrays.copyOf(out.array(), (out.position() + 31) / 32 * 32 + bytes);
        }
    }

    static List<Arguments> damages() {
        return List.of(
                arguments(new Bytes().text("GGML").end(), "does not begin with GGUF"),
                arguments(new Bytes().text("GG").end(), "ends at byte 2"),
                arguments(Bytes.version(1).u4(0).u4(0).end(), "GGUF file of version 1; supported are 2 and 3"),
                arguments(Bytes.version(4).end(), "GGUF file of version 4"),
                arguments(Bytes.version(3 << 24).end(), "is a big-endian GGUF file"),
                arguments(Bytes.of(1L << 40, 0).end(), "length 1099511627776"),
                arguments(Bytes.of(0, -1).end(), "length 18446744073709551615"),
                arguments(
                        Bytes.of(0, 1).u8(1L << 33).text("key padding").end(), "in a metadata key: it has the length"),
                arguments(Bytes.of(0, 1).string("key").u4(13).end(), "metadata \"key\": it has the value type 13"),
                arguments(
                        Bytes.of(0, 1).string("key").u4(9).u4(5).u8(1000).end(),
                        "metadata \"key\": it has the length 1000, but the rest of the file holds at most 0"),
                arguments(Bytes.of(0, 1).string("key").u4(10).u4(1).end(), "4 bytes short of metadata \"key\""),
                arguments(
                        Bytes.of(0, 2)
                                .string("k")
                                .u4(4)
                                .u4(1)
                                .string("k")
                                .u4(4)
                                .u4(1)
                                .end(),
                        "metadata \"k\": it is there twice"),
                arguments(
                        Bytes.of(0, 1).string("general.alignment").u4(4).u4(0).end(),
                        "metadata \"general.alignment\": it is 0"),
                arguments(deep(9), "nested more than 8 deep"),
                arguments(Bytes.of(1, 0).tensor("w", 0, 0, 1, 1, 1, 1, 1).data(4), "tensor \"w\": it has 5 dimensions"),
                arguments(Bytes.of(1, 0).tensor("w", 99, 0, 2).data(8), "tensor \"w\" has the type number 99"),
                arguments(
                        Bytes.of(1, 0).tensor("w", 3, 0, 48, 2).data(60),
                        "tensor \"w\": it has the shape (2, 48), impossible for Q4_1, stored in blocks of 32"),
                arguments(
                        Bytes.of(1, 0).tensor("w", 14, 0, 128, 2).data(210),
                        "tensor \"w\": it has the shape (2, 128), impossible for Q6_K, stored in blocks of 256"),
                arguments(
                        Bytes.of(1, 0).tensor("w", 12, 0, 256).data(143), "tensor \"w\": its 144 bytes from offset 0"),
                arguments(
                        Bytes.of(1, 0).tensor("w", 0, 0, 1L << 40, 1L << 40).data(8),
                        "tensor \"w\": it has the shape (1099511627776, 1099511627776), impossible"),
                arguments(Bytes.of(1, 0).tensor("w", 0, 0, -1).data(8), "it has the shape (-1), impossible"),
                arguments(
                        Bytes.of(1, 0).tensor("w", 0, 0, Long.MIN_VALUE + 4).data(8),
                        "it has the shape (-9223372036854775804), impossible"),
                arguments(
                        Bytes.of(1, 0).tensor("w", 0, 0, 2, 3, 1L << 62, 0).data(8),
                        "it has the shape (0, 4611686018427387904, 3, 2), impossible"),
                arguments(
                        Bytes.of(1, 0).tensor("w", 0, 4, 1).data(8), "offset 4 is not a multiple of the alignment, 32"),
                arguments(Bytes.of(1, 0).tensor("w", 0, -32, 1).data(8), "offset 18446744073709551584"),
                arguments(Bytes.of(1, 0).tensor("w", 0, 0, 2).data(7), "tensor \"w\": its 8 bytes from offset 0"),
                arguments(Bytes.of(1, 0).tensor("w", 0, 1L << 62, 2).data(8), "it is cut short"),
                arguments(
                        Bytes.of(2, 0)
                                .tensor("v", 0, 0, 9)
                                .tensor("w", 0, 32, 1)
                                .data(64),
                        "tensor \"w\": it begins at byte"),
                arguments(
                        Bytes.of(2, 0)
                                .tensor("w", 0, 0, 1)
                                .tensor("w", 0, 32, 1)
                                .data(64),
                        "tensor \"w\": it is there twice"));
    }

    private static byte[] deep(int levels) {
        Bytes bytes = Bytes.of(0, 1).string("key").u4(9);
        for (int i = 0; i < levels; i++) {
            bytes.u4(9).u8(1);
        }
        return bytes.u4(9).u8(0).end();
    }

    @ParameterizedTest
    @MethodSource("damages")
    void isRefusedWithTheFileAndTheReason(byte[] bytes, String reason, @TempDir Path folder) throws IOException {
        Path path = Files.write(folder.resolve("damaged.gguf"), bytes);

        var error = assertThrows(BadFileException.class, () -> Gguf.open(path));

        assertTrue(error.getMessage().startsWith(path + ": "), error.getMessage());
        assertTrue(error.getMessage().contains(reason), error.getMessage());
    }

    @Test
    void cutAnywhereItIsRefusedAsAFileNotAsABug(@TempDir Path folder) throws IOException {
        byte[] whole = Files.readAllBytes(Resources.file("types.gguf"));
        Path path = folder.resolve("cut.gguf");
        int lastTensorEnds = 11968 + 408;
        for (int length = 0; length < lastTensorEnds; length += 7) {
            Files.write(path, Arrays.copyOf(whole, length));
            assertThrows(BadFileException.class, () -> Gguf.open(path), "cut at " + length);
        }
    }
}
