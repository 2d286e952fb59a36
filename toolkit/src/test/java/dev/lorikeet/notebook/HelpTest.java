package dev.lorikeet.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.base.HtmlTable;
import dev.lorikeet.base.UnknownNameException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HelpTest {

    @Test
    void everyLineCompilesWithTheImportsOfANotebook(@TempDir Path folder) {
        String lines = Help.ALL.topics().stream()
                .flatMap(topic -> topic.calls().stream())
                .map(call -> call.code().endsWith(";") ? call.code() : call.code() + ";")
                .collect(Collectors.joining("\n"));
        String source = Imports.source() + "class Lines { void run() throws Exception {\n" + lines + "\n} }";
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        JavaFileObject file = new SimpleJavaFileObject(URI.create("string:///Lines.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreErrors) {
                return source;
            }
        };
        List<String> options =
                List.of("-proc:none", "-d", folder.toString(), "-classpath", System.getProperty("java.class.path"));
        boolean compiled = compiler.getTask(null, null, problems, options, null, List.of(file))
                .call();
        assertTrue(compiled, () -> problems.getDiagnostics().toString());
    }

    @Test
    void aTopicIsShownByItself() {
        assertEquals(1, Lorikeet.help("lora").topics().size());
        assertTrue(Lorikeet.help("plots").toString().contains("Plots.losses(run, tuned)"));
        String message = assertThrows(UnknownNameException.class, () -> Lorikeet.help("plot"))
                .getMessage();
        assertTrue(message.contains("Did you mean \"plots\""), message);
    }

    @Test
    void htmlAndTextTellTheSame() {
        Help help = Lorikeet.help();
        for (Help.Topic topic : help.topics()) {
            for (Help.HelpLine call : topic.calls()) {
                assertTrue(help.toString().contains(call.code()), call.code());
                assertTrue(help.html().contains(HtmlTable.escape(call.code())), call.code());
            }
        }
    }
}
