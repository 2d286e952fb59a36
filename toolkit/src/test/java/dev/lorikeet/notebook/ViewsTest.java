package dev.lorikeet.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.notebook.view.ArrayText;
import dev.lorikeet.notebook.view.MimeBundle;
import dev.lorikeet.notebook.view.RecordView;
import dev.lorikeet.notebook.view.TableView;
import dev.lorikeet.notebook.view.TensorView;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.train.Schedule;
import dev.lorikeet.train.TuningSettings;
import dev.lorikeet.train.loss.Loss;
import dev.lorikeet.train.score.Score;
import dev.lorikeet.train.step.AdamW;
import dev.lorikeet.train.step.MemoryOptions;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class ViewsTest {

    @Test
    void aShortTableIsShownWhole() {
        String html = TableView.html(numbers(20));

        assertEquals(21, count(html, "<tr>"));
        assertFalse(html.contains("⋮"));
        assertTrue(html.contains("20 rows × 1 column"), html);
    }

    @Test
    void aLongTableShowsItsEnds() {
        String html = TableView.html(numbers(50_000));

        assertEquals(1 + 10 + 1 + 5, count(html, "<tr>"));
        assertTrue(html.contains(">9</td>") && html.contains("⋮") && html.contains(">49,995</td>"), html);
        assertFalse(html.contains(">10</td>"));
        assertTrue(html.contains("50,000 rows × 1 column"));
        String text = TableView.text(numbers(50_000));
        assertTrue(text.contains("⋮") && text.contains("49,999") && text.contains("50,000 rows"), text);
        assertTrue(text.lines().count() < 25);
    }

    @Test
    void missingValuesAndLongTextsStayReadable() {
        DoubleColumn loss = DoubleColumn.create("loss", 0.25);
        loss.appendMissing();
        Table table = Table.create("t", StringColumn.create("text", "x".repeat(5000), "<b>"), loss);

        assertTrue(TableView.html(table).contains(">–</span>"));
        assertTrue(TableView.html(table).contains("&lt;b&gt;"));
        assertTrue(TableView.html(table).length() < 5000);
        assertTrue(TableView.text(table).contains("x".repeat(60) + "…"));
        assertFalse(TableView.text(table).contains("x".repeat(61)));
    }

    @Test
    void aWideTableShowsItsFirstColumns() {
        Table table = Table.create("wide");
        IntStream.range(0, 30).forEach(i -> table.addColumns(IntColumn.create("c" + i, new int[] {i})));
        String html = TableView.html(table);

        assertTrue(html.contains(">c19</th>") && !html.contains(">c20</th>"));
        assertTrue(html.contains("1 row × 30 columns, the first 20 shown"));
    }

    @Test
    void anEmptyTableIsStillATable() {
        assertTrue(TableView.html(Table.create("none")).contains("0 rows × 0 columns"));
        assertTrue(TableView.text(numbers(0)).contains("0 rows × 1 column"));
    }

    @Test
    void tensorsShowTheirCorner() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray array = manager.arange(960f).reshape(8, 120);
            MimeBundle bundle = TensorView.bundle(array);
            String html = html(bundle);

            assertTrue(text(bundle).startsWith("NDArray (8, 120), float32, cpu()"), text(bundle));
            assertTrue(html.contains(">127.0</td>") && html.contains("…"), html);
            assertFalse(html.contains(">8.0</td>") || html.contains(">720.0</td>"));
            array.close();
            assertEquals("NDArray, closed", text(TensorView.bundle(array)));
        }
    }

    @Test
    void tensorsOfEveryShapeAndTypeAreShown() {
        try (NDManager manager = NDManager.newBaseManager()) {
            assertTrue(text(TensorView.bundle(manager.create(3.5f))).contains("3.5"));
            assertTrue(text(TensorView.bundle(manager.create(new boolean[] {true, false})))
                    .contains("true      false"));
            assertTrue(text(TensorView.bundle(manager.create(new long[] {1, 50257})))
                    .contains("50,257"));
            assertTrue(text(TensorView.bundle(manager.zeros(new Shape(0, 3)))).contains("(0, 3)"));
            assertTrue(
                    html(TensorView.bundle(manager.zeros(new Shape(2, 3, 4)))).contains("values of [0, :, :]"));
            assertTrue(text(TensorView.bundle(manager.ones(new Shape(2), DataType.FLOAT16)))
                    .contains("float16"));
            NDArray trained = manager.ones(new Shape(2));
            trained.setRequiresGradient(true);
            assertTrue(text(TensorView.bundle(trained)).contains("1.0"));
            assertEquals(
                    1,
                    manager.getManagedArrays().stream()
                            .filter(a -> a == trained)
                            .count());
        }
    }

    @Test
    void aTensorThatJavaCannotReadIsNotRead() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray half = DType.BFLOAT16.cast(manager.ones(new Shape(4, 5)));

            assertEquals("NDArray (4, 5), a type that DJL does not know, cpu()", text(TensorView.bundle(half)));
        }
    }

    @Test
    void lookingAtATensorLeavesNothingBehind() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray array = manager.ones(new Shape(3, 4));
            int before = manager.getManagedArrays().size();
            TensorView.bundle(array);

            assertEquals(before, manager.getManagedArrays().size());
        }
    }

    @Test
    void arraysShowTheirValuesAndLengths() {
        assertEquals("int[3] {1, 2, 3}", ArrayText.of(new int[] {1, 2, 3}));
        assertEquals("int[0] {}", ArrayText.of(new int[0]));
        assertEquals("String[2] {\"a\", null}", ArrayText.of(new String[] {"a", null}));
        assertEquals("char[1] {'x'}", ArrayText.of(new char[] {'x'}));
        assertEquals("int[2][2] {\n  {1, 2}\n  {3, 4}\n}", ArrayText.of(new int[][] {{1, 2}, {3, 4}}));
        assertEquals("int[2][] {\n  {1}\n  {2, 3}\n}", ArrayText.of(new int[][] {{1}, {2, 3}}));
        assertEquals("int[1][] {\n  null\n}", ArrayText.of(new int[1][]));
        String cut = ArrayText.of(IntStream.range(0, 1045).toArray());
        assertTrue(cut.startsWith("int[1045] {0, 1,") && cut.endsWith("…, 1039, 1040, 1041, 1042, 1043, 1044}"), cut);
    }

    @Test
    void settingsAreShownLineByLine() {
        MimeBundle bundle = RecordView.bundle(AdamW.of(2e-4).weightDecay(0.1));

        assertTrue(text(bundle).startsWith("AdamW"), text(bundle));
        assertTrue(text(bundle).matches("(?s).*\\n  learningRate +0\\.0002\\n.*"), text(bundle));
        assertTrue(html(bundle).contains(">weightDecay</td>") && html(bundle).contains(">0.1</td>"), html(bundle));
    }

    @Test
    void recordsInRecordsHaveDottedNames() {
        TuningSettings settings = new TuningSettings(
                3,
                0,
                8,
                1,
                AdamW.of(1e-3),
                Schedule.constant(),
                0,
                50,
                5,
                0,
                OptionalInt.empty(),
                0,
                1,
                MemoryOptions.DEFAULT,
                Loss.crossEntropy());
        MimeBundle bundle = RecordView.bundle(settings);

        assertTrue(text(bundle).contains("optimizer.learningRate"), text(bundle));
        assertTrue(text(bundle).matches("(?s).*\\n  width +–\\n.*"), text(bundle));
    }

    @Test
    void recordsWithWordsOfTheirOwnAreLeftAlone() {
        assertEquals(MimeBundle.NONE, RecordView.bundle(new Score(0.5, 0.7, 10)));
    }

    private static Table numbers(int rows) {
        return Table.create(
                "numbers", IntColumn.create("n", IntStream.range(0, rows).toArray()));
    }

    private static String html(MimeBundle bundle) {
        return (String) bundle.data().get(MimeBundle.HTML).get();
    }

    private static String text(MimeBundle bundle) {
        return (String) bundle.data().get(MimeBundle.TEXT).get();
    }

    private static int count(String text, String part) {
        return text.split(java.util.regex.Pattern.quote(part), -1).length - 1;
    }
}
