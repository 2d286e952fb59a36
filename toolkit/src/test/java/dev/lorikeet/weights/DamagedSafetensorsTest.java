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
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DamagedSafetensorsTest {

    /** The bytes of a file with this header and so many bytes of data. */
    static byte[] file(String header, int data) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + text.length + data)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length)
                .put(text)
                .array();
    }

    private static byte[] length(long length) {
        return ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .array();
    }

    private static String tensor(String type, String shape, long begin, long end) {
        return "\"w\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}".formatted(type, shape, begin, end);
    }

    static List<Arguments> damages() {
        String good = tensor("F32", "[2]", 0, 8);
        String next = good.replace("\"w\"", "\"v\"");
        return List.of(
                arguments(new byte[0], "ends at byte 0, 8 bytes short of the header's length"),
                arguments(length(-1), "header has 18446744073709551615 bytes; at most 100000000"),
                arguments(length(100_000_001), "header has 100000001 bytes"),
                arguments(length(9), "is cut short: its header has 9 bytes, the whole file 16"),
                arguments(file("[]", 0), "does not begin with {"),
                arguments(file("{" + good, 8), "header is not as expected"),
                arguments(file("{} {}", 0), "header"),
                arguments(file("{\"w\":3}", 0), "header is not as expected"),
                arguments(file("{\"w\":{}}", 0), "tensor \"w\" needs a dtype, a shape and two data_offsets"),
                arguments(file("{" + good.replace("0,8", "0") + "}", 8), "tensor \"w\" needs a dtype"),
                arguments(file("{" + good.replace("dtype", "type") + "}", 8), "unknown field \"type\""),
                arguments(file("{" + tensor("F32", "[2.5]", 0, 8) + "}", 8), "header is not as expected"),
                arguments(file("{" + tensor("F31", "[2]", 0, 8) + "}", 8), "type \"F31\", which is not known"),
                arguments(file("{" + tensor("F32", "[-2]", 0, 8) + "}", 8), "impossible shape [-2]"),
                arguments(
                        file("{" + tensor("F32", "[4294967296,4294967296]", 0, 8) + "}", 8),
                        "impossible shape [4294967296, 4294967296]"),
                arguments(
                        file("{" + tensor("F32", "[0,4611686018427387904,3]", 0, 0) + "}", 0),
                        "impossible shape [0, 4611686018427387904, 3]"),
                arguments(file("{" + tensor("F32", "[3]", 0, 8) + "}", 8), "shape [3] and type F32 needs 12 bytes"),
                arguments(file("{" + tensor("F32", "[2]", 8, 0) + "}", 8), "offsets 8 to 0"),
                arguments(file("{" + tensor("F32", "[2]", -8, 0) + "}", 8), "offsets -8 to 0"),
                arguments(file("{" + tensor("F32", "[2]", 4, 12) + "}", 12), "an overlap or a hole"),
                arguments(file("{" + good + "," + next + "}", 8), "an overlap or a hole"),
                arguments(
                        file("{" + good + "," + good.replace("0,8", "8,16") + "}", 16), "tensor \"w\" is there twice"),
                arguments(file("{" + good + "}", 7), "tensor \"w\" ends at byte"),
                arguments(file("{" + good + "}", 9), "its tensors end at byte"),
                arguments(file("{\"__metadata__\":{\"a\":{}}," + good + "}", 8), "header is not as expected"));
    }

    @ParameterizedTest
    @MethodSource("damages")
    void isRefusedWithTheFileAndTheReason(byte[] bytes, String reason, @TempDir Path folder) throws IOException {
        Path path = Files.write(folder.resolve("damaged.safetensors"), bytes);

        var error = assertThrows(BadFileException.class, () -> Safetensors.open(path));

        assertTrue(error.getMessage().startsWith(path + ": "), error.getMessage());
        assertTrue(error.getMessage().contains(reason), error.getMessage());
    }

    @ParameterizedTest
    @MethodSource("others")
    void aFileOfAnotherKindIsNamed(byte[] bytes, String reason, @TempDir Path folder) throws IOException {
        Path path = Files.write(folder.resolve("model.safetensors"), bytes);

        var error = assertThrows(BadFileException.class, () -> TensorFile.open(path));

        assertTrue(error.getMessage().contains(reason), error.getMessage());
    }

    static List<Arguments> others() {
        return List.of(
                arguments(new byte[0], "it is empty"),
                arguments(text("PK\3\4 and so on"), "a zip archive"),
                arguments(text("version https://git-lfs.github.com/spec/v1\n"), "a pointer of Git LFS"),
                arguments(text("<!DOCTYPE html><html>"), "a web page"),
                arguments(text("something else"), "of an unknown kind"));
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @ParameterizedTest
    @MethodSource("places")
    void aMissingFileAndAFolderAreNamed(String name, String reason, @TempDir Path folder) {
        var error = assertThrows(BadFileException.class, () -> TensorFile.open(folder.resolve(name)));

        assertTrue(error.getMessage().contains(reason), error.getMessage());
    }

    static List<Arguments> places() {
        return List.of(arguments("missing.gguf", "missing.gguf: does not exist"), arguments("", "is a folder"));
    }
}
