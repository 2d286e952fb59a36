package dev.lorikeet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The names of classes and the first words of javadocs, read from the sources. */
class WordsTest {

    private static final Path SOURCES = Path.of("src", "main", "java", "dev", "lorikeet");

    /** A class that others can refer to. */
    private record NamedClass(String name, Path file) {}

    /** A javadoc with the line of what it documents. */
    private record Javadoc(String text, Path file, long line) {}

    private record Words(List<NamedClass> classes, List<Javadoc> javadocs) {}

    @Test
    void noJavadocBeginsWithOf() throws IOException {
        List<Javadoc> javadocs = words(SOURCES).javadocs();
        assertTrue(javadocs.size() > 500, "javadocs were found: " + javadocs.size());
        assertEquals(List.of(), beginningWithOf(javadocs));
    }

    @Test
    void noTwoClassesShareASimpleName() throws IOException {
        List<NamedClass> classes = words(SOURCES).classes();
        assertTrue(classes.size() > 200, "classes were found: " + classes.size());
        assertEquals(Map.of(), sharedNames(classes));
    }

    @Test
    void bothChecksFindWhatTheyLookFor(@TempDir Path folder) throws IOException {
        Files.writeString(
                folder.resolve("First.java"),
                """
                /** Of no use. */
                class First {
                    /**
                     * Of two lines.
                     */
                    int field;
                    /** Offers a method. */
                    void method() { class Local {} }
                    static class Same {}
                    private static class Hidden {}
                }
                """);
        Files.writeString(
                folder.resolve("Second.java"),
                "class Second { void method() { class Local {} } record Same() {} private class Hidden {} }");
        Words words = words(folder);
        assertEquals(
                List.of("First.java:2: Of no use.", "First.java:6: Of two lines."), beginningWithOf(words.javadocs()));
        assertEquals(Map.of("Same", List.of("First.java", "Second.java")), sharedNames(words.classes()));
    }

    private static List<String> beginningWithOf(List<Javadoc> javadocs) {
        return javadocs.stream()
                .filter(javadoc -> javadoc.text().startsWith("Of "))
                .map(javadoc -> "%s:%d: %s".formatted(javadoc.file().getFileName(), javadoc.line(), javadoc.text()))
                .toList();
    }

    private static Map<String, List<String>> sharedNames(List<NamedClass> classes) {
        Map<String, List<NamedClass>> byName =
                classes.stream().collect(Collectors.groupingBy(NamedClass::name, TreeMap::new, Collectors.toList()));
        Map<String, List<String>> shared = new TreeMap<>();
        byName.forEach((name, all) -> {
            if (all.size() > 1) {
                shared.put(
                        name,
                        all.stream()
                                .map(named -> named.file().getFileName().toString())
                                .sorted()
                                .toList());
            }
        });
        return shared;
    }

    private static Words words(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null, manager, null, List.of("-proc:none"), null, manager.getJavaFileObjectsFromPaths(files));
            Words words = new Words(new ArrayList<>(), new ArrayList<>());
            DocTrees trees = DocTrees.instance(task);
            for (CompilationUnitTree unit : task.parse()) {
                new Reader(trees, unit, words).scan(unit, null);
            }
            return words;
        }
    }

    /** Collects the javadocs of a source file and its classes that are not private. */
    private static final class Reader extends TreePathScanner<Void, Void> {

        private final DocTrees trees;
        private final CompilationUnitTree unit;
        private final Path file;
        private final Words words;

        Reader(DocTrees trees, CompilationUnitTree unit, Words words) {
            this.trees = trees;
            this.unit = unit;
            this.file = Path.of(unit.getSourceFile().getName());
            this.words = words;
        }

        @Override
        public Void visitClass(ClassTree tree, Void unused) {
            addJavadoc(tree);
            boolean isPrivate = tree.getModifiers().getFlags().contains(Modifier.PRIVATE);
            if (!isPrivate && !tree.getSimpleName().isEmpty()) {
                words.classes().add(new NamedClass(tree.getSimpleName().toString(), file));
            }
            return super.visitClass(tree, unused);
        }

        /** Does not visit the body, whose classes nobody else can refer to. */
        @Override
        public Void visitMethod(MethodTree tree, Void unused) {
            addJavadoc(tree);
            return null;
        }

        @Override
        public Void visitVariable(VariableTree tree, Void unused) {
            addJavadoc(tree);
            return super.visitVariable(tree, unused);
        }

        private void addJavadoc(Tree tree) {
            String text = trees.getDocComment(getCurrentPath());
            if (text != null) {
                long start = trees.getSourcePositions().getStartPosition(unit, tree);
                words.javadocs()
                        .add(new Javadoc(text.strip(), file, unit.getLineMap().getLineNumber(start)));
            }
        }
    }
}
