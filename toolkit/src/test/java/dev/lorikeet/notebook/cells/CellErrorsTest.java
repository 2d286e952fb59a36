package dev.lorikeet.notebook.cells;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jdk.jshell.JShell;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Cells through a real JShell, evaluated as a kernel does: snippet by snippet, until one fails. */
class CellErrorsTest {

    private final JShell shell = JShell.builder().executionEngine("local").build();
    private CellLog log;
    private CellErrors errors;
    private int cells;

    /** What a cell said: the lines of its error if it failed, else its warnings. */
    private record Said(boolean failed, List<String> lines) {

        String text() {
            return String.join("\n", lines).replaceAll("\u001b\\[[0-9;]*m", "");
        }
    }

    @BeforeEach
    void begin() {
        log = new CellLog(shell);
        errors = new CellErrors(log);
    }

    @AfterEach
    void close() {
        shell.close();
    }

    private Said run(String code) {
        log.begin(++cells, code);
        String rest = code;
        while (!rest.isBlank()) {
            CompletionInfo info = shell.sourceCodeAnalysis().analyzeCompletion(rest);
            for (SnippetEvent event : shell.eval(info.source().strip())) {
                boolean rejected = event.causeSnippet() == null
                        && !event.status().isDefined()
                        && event.status() != jdk.jshell.Snippet.Status.RECOVERABLE_NOT_DEFINED;
                if (rejected || event.exception() != null) {
                    List<String> compiler = new ArrayList<>();
                    shell.diagnostics(event.snippet()).forEach(each -> compiler.add(each.getMessage(null)));
                    Said said = new Said(true, errors.words(compiler));
                    log.fail();
                    return said;
                }
            }
            rest = info.remaining();
        }
        return new Said(false, log.end());
    }

    @Test
    void anErrorNamesItsCellAndLine() {
        run("int one = 1;");
        Said said = run("int two = 2;\n\nString none = null;\nint length = none.length();");

        assertEquals(
                "NullPointerException: Cannot invoke \"String.length()\" because \"none\" is null\n"
                        + "    at cell [2], line 4: int length = none.length();",
                said.text());
    }

    @Test
    void anErrorInAMethodNamesTheCellOfTheMethodToo() {
        run("// A comment.\nvoid fail() {\n    throw new IllegalStateException(\"why\");\n}");
        Said said = run("fail();");

        assertEquals(
                "IllegalStateException: why\n"
                        + "    at fail, cell [1], line 3: throw new IllegalStateException(\"why\");\n"
                        + "    at cell [2], line 1: fail();",
                said.text());
    }

    @Test
    void framesOfLibrariesStayForErrorsThatAreNotOurs() {
        String text = run("Integer.parseInt(\"x\")").text();
        assertTrue(text.contains("at java.base/java.lang.Integer.parseInt"), text);

        String ours = run("throw new dev.lorikeet.base.LorikeetException(\"Too few rows.\");")
                .text();
        assertEquals(
                "LorikeetException: Too few rows.\n"
                        + "    at cell [2], line 1: throw new dev.lorikeet.base.LorikeetException(\"Too few rows.\");",
                ours);
    }

    @Test
    void aFileThatIsNotThereIsOneLineWithTheFolder() {
        String folder = Path.of("").toAbsolutePath().toString();
        String text = run("new java.io.FileReader(\"missing.csv\")").text();
        assertEquals(
                "There is no file missing.csv in " + folder + ".",
                text.lines().findFirst().orElseThrow());
        assertEquals(2, text.lines().count(), text);

        String nested = run("java.nio.file.Files.readString(java.nio.file.Path.of(\"no\", \"such.txt\"))")
                .text();
        assertTrue(nested.startsWith("There is no file such.txt in " + Path.of(folder, "no") + "."), nested);
        String caused = run("throw new IllegalStateException(new java.io.FileNotFoundException(\"/x/y.csv\"));")
                .text();
        assertTrue(caused.startsWith("There is no file y.csv in /x."), caused);
    }

    @Test
    void aMethodWithUnknownNamesSaysSoWhereItIsDefined() {
        assertEquals(
                "twice(int) cannot be used yet: it uses method helper(int), which nothing defines so far.",
                run("int twice(int n) { return 2 * helper(n); }").text());
        Said called = run("twice(1)");
        assertTrue(called.failed && called.text().contains("method helper(int)"), called.text());
        assertTrue(called.text().endsWith("at cell [2], line 1: twice(1)"), called.text());

        assertEquals("", run("int helper(int n) { return n; }").text());
        assertFalse(run("twice(1)").failed);
        assertEquals("", run("int a() { return b(); }\nint b() { return 1; }").text(), "defined later in the cell");
    }

    @Test
    void aVariableWhoseCellFailedIsNotNullButMissing() {
        run("String text = \"old\";");
        assertTrue(run("String text = System.getProperty(null);\nint length = text.length();").failed);

        assertEquals(
                "text has no value, because cell [2], which sets it, failed. Run that cell again.\n"
                        + "    at cell [3], line 1",
                run("text.isEmpty()").text());
        assertTrue(run("length + 1").text().startsWith("length has no value, because cell [2]"));
        assertTrue(run("length + unknown").text().contains("unknown"), "the compiler's other complaints stay");

        assertFalse(run("String text = \"new\";\nint length = text.length();").failed);
        assertFalse(run("text.isEmpty()").failed);
    }

    @Test
    void aVariableThatTheFailedCellDidNotReachKeepsItsValue() {
        run("int kept = 7;");
        assertTrue(run("Integer.parseInt(\"x\");\nint kept = 8;").failed);

        assertFalse(run("if (kept != 7) throw new AssertionError();").failed);
    }

    @Test
    void aLongStackIsCut() {
        run(
                "int down(int n) { return n == 0 ? 1 / n : java.util.List.of(n).stream().mapToInt(m -> down(m - 1)).sum(); }");
        String text = run("down(50)").text();

        assertTrue(text.lines().count() <= 33, text.lines().count() + " lines");
        assertTrue(text.endsWith("cell [2], line 1: down(50)"), text);
    }
}
