package dev.lorikeet.data.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.base.BadFileException;
import dev.lorikeet.data.Datasets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextEncodingTest {

    private static final Charset WINDOWS = Charset.forName("windows-1252");

    @TempDir
    Path folder;

    private Path file(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("a.csv"), bytes);
    }

    private String problem(byte[] bytes) throws IOException {
        Path file = file(bytes);
        String message =
                assertThrows(BadFileException.class, () -> TextFile.read(file)).getMessage();
        assertEquals(
                message,
                assertThrows(BadFileException.class, () -> TextFile.lines(file)).getMessage());
        return message.substring(file.toString().length() + 2);
    }

    /** Reads a file in both ways, and returns what is printed at the first. */
    private String printed(byte[] bytes, String expected) throws IOException {
        Path file = file(bytes);
        PrintStream out = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            assertEquals(expected, TextFile.read(file));
        } finally {
            System.setOut(out);
        }
        try (var lines = TextFile.lines(file)) {
            assertEquals(expected, lines.lines().collect(Collectors.joining("\n")));
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "plain",
                "é",
                "Привет, мир",
                "日本語のテキスト",
                "\ud83e\udd9c parrot",
                "a\uffffb",
                "\u07ff\u0800\ud7ff\ue000"
            })
    void unicodeIsReadInSilence(String text) throws IOException {
        assertEquals("", printed(text.getBytes(StandardCharsets.UTF_8), text));
        for (Charset charset : List.of(StandardCharsets.UTF_8, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
            assertEquals("", printed(("\uFEFF" + text).getBytes(charset), text), charset.name());
        }
    }

    @Test
    void westernTextsAreReadAsWindows1252WithALine() throws IOException {
        String text = "label,text\nham,“Café” – £5 für Zoë…";
        assertEquals(
                "a.csv is not UTF-8 (byte 0x93 in line 2, offset 15); it is read as Windows-1252."
                        + System.lineSeparator(),
                printed(text.getBytes(WINDOWS), text));
        String mixed = "Grüße, how are you? Ã¤";
        printed(mixed.getBytes(WINDOWS), mixed);
        byte[] undefined = "He says \u201cI am\u0000".getBytes(WINDOWS);
        undefined[13] = (byte) 0x9d;
        printed(undefined, "He says \u201cI am\ufffd");
    }

    @Test
    void messagesMayBeInWindows1252AndHaveBlankLines() throws IOException {
        Path file = Files.write(
                folder.resolve("sms.tsv"), "ham\tMeet me at the café\n\nspam\tWin £5\tnow\r\n".getBytes(WINDOWS));
        assertEquals(
                List.of("Meet me at the café", "Win £5\tnow"),
                Datasets.smsSpam(file).stringColumn("text").asList());
    }

    @ParameterizedTest
    @CsvSource({"windows-1251, Привет мир", "Shift_JIS, 日本語のテキスト", "GBK, 中文文本", "Big5, 中文文本", "KOI8-R, Привет мир"})
    void otherEncodingsAreRefused(String charset, String text) throws IOException {
        String problem = problem(("text,n\n" + text + ",1\n").getBytes(charset));
        assertTrue(problem.startsWith("is neither UTF-8 nor in a Western encoding (Windows-1252): byte 0x"), problem);
        assertTrue(problem.contains(" in line 2, offset 7; save it as UTF-8"), problem);
    }

    @Test
    void damagedUtf8IsNotTakenForAnotherEncoding() throws IOException {
        byte[] bytes = "text\nä ö ü\nxyz\n".getBytes(StandardCharsets.UTF_8);
        bytes[15] = (byte) 0xe9;
        assertEquals(
                "is damaged UTF-8: byte 0xE9 in line 3, offset 15; mend or remove that place, or save the file again",
                problem(bytes));
        byte[] euro = "ä ö €".getBytes(StandardCharsets.UTF_8);
        assertEquals(
                "is damaged UTF-8: byte 0xE2 in line 1, offset 6; mend or remove that place, or save the file again",
                problem(Arrays.copyOf(euro, euro.length - 1)));
    }

    @Test
    void whatIsNoTextIsRefused() throws IOException {
        assertEquals(
                "is no text, or a damaged one: byte 0x00 in line 2, offset 4",
                problem("a,b\n\0,1\n".getBytes(WINDOWS)));
        assertEquals(
                "looks like UTF-16 without the byte order mark that tells it; save it as UTF-8",
                problem("a,b\nx,y\n".getBytes(StandardCharsets.UTF_16LE)));
        assertTrue(problem("PK\003\004\024\0".getBytes(WINDOWS)).startsWith("is a zip archive or an Excel workbook"));
        assertTrue(problem("PAR1\u0015\0".getBytes(WINDOWS)).startsWith("is a Parquet file; give it a name"));
        assertTrue(problem(new byte[] {0x1f, (byte) 0x8b, 8, 0}).startsWith("is compressed; give it a name"));
        assertEquals("", printed("PAR1,PAR2\n1,2".getBytes(WINDOWS), "PAR1,PAR2\n1,2"));
    }
}
