package io.github.spencerpark.ijava;

import io.github.spencerpark.jupyter.kernel.BaseKernel;
import io.github.spencerpark.jupyter.kernel.LanguageInfo;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import jdk.jshell.JShell;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.execution.DirectExecutionControl;
import jdk.jshell.spi.ExecutionControl;
import jdk.jshell.spi.ExecutionControlProvider;
import jdk.jshell.spi.ExecutionEnv;

/**
 * A kernel put together as IJava is, which is on no registry: IJava's base, a JShell that runs cells in this very JVM, on a thread
 * of its own each, and jars that come to the shell's class loader later, as by {@code %jars}.
 */
final class ShellKernel extends BaseKernel {

    private static final List<MIMEType> FORMS = Stream.of(
                    "text/plain", "text/html", "image/png", "application/vnd.plotly.v1+json")
            .map(MIMEType::parse)
            .toList();

    private final Cells cells = new Cells();
    private final JShell shell = JShell.builder()
            .executionEngine(new Engine(cells), Map.of())
            .out(System.out)
            .err(System.err)
            .build();

    /** Arguments: a file that lists the jars, and one for each cell. Prints the value of the last in all its forms. */
    public static void main(String[] args) throws Exception {
        ShellKernel kernel = new ShellKernel();
        IJava.run(kernel);
        for (String jar : Files.readAllLines(Path.of(args[0]))) {
            kernel.shell.addToClasspath(jar);
        }
        DisplayData shown = null;
        for (String cell : List.of(args).subList(1, args.length)) {
            shown = kernel.eval(Files.readString(Path.of(cell)));
        }
        for (MIMEType form : FORMS) {
            if (shown.hasDataForType(form)) {
                System.out.println(form + ": " + shown.getData(form));
            }
        }
        System.exit(0);
    }

    @Override
    public DisplayData eval(String source) throws Exception {
        cells.last = null;
        SourceCodeAnalysis.CompletionInfo next = shell.sourceCodeAnalysis().analyzeCompletion(source);
        while (next.completeness().isComplete()) {
            for (SnippetEvent event : shell.eval(next.source())) {
                check(event);
            }
            if (next.remaining().isBlank()) {
                break;
            }
            next = shell.sourceCodeAnalysis().analyzeCompletion(next.remaining());
        }
        return cells.last == null ? null : getRenderer().render(cells.last);
    }

    private void check(SnippetEvent event) throws Exception {
        if (event.exception() != null) {
            throw event.exception();
        }
        List<String> complaints = shell.diagnostics(event.snippet())
                .map(each -> each.getMessage(null))
                .toList();
        if (!complaints.isEmpty()) {
            throw new IllegalStateException(event.snippet().source() + ": " + complaints);
        }
    }

    @Override
    public LanguageInfo getLanguageInfo() {
        return new LanguageInfo.Builder("Java").build();
    }

    private record Engine(Cells cells) implements ExecutionControlProvider {
        @Override
        public String name() {
            return "cells";
        }

        @Override
        public ExecutionControl generate(ExecutionEnv env, Map<String, String> parameters) {
            return cells;
        }
    }

    /** Keeps the value itself, where JShell wants only its text. */
    private static final class Cells extends DirectExecutionControl {

        private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work);
            thread.setDaemon(true);
            return thread;
        });
        private volatile Object last;

        @Override
        protected String invoke(Method cell) throws Exception {
            try {
                last = threads.submit(() -> cell.invoke(null)).get();
                return "";
            } catch (ExecutionException e) {
                throw (Exception) e.getCause();
            }
        }
    }
}
