package dev.lorikeet.published;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.TestData;
import dev.lorikeet.base.file.AtomicFolders;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** The example and the Maven project of the guide, run as they stand there. */
class ExampleIT {

    private static final Pattern POM = Pattern.compile("```xml\\n(<project.*?</project>\\n)```", Pattern.DOTALL);

    private static final Path GUIDE = TestData.checkout().resolve("docs/guides/your-own-project.md");

    @BeforeAll
    static void theDefaultModelIsThere() {
        TestData.smollm2();
    }

    @Test
    void aSingleFileRunsOnTheJarAndItsLibraries() throws Exception {
        List<String> command = List.of(
                Packaged.java(),
                "-cp",
                Packaged.joined(Packaged.classpath()),
                Packaged.example().toString());
        learns(Packaged.run(TestData.checkout(), command));
    }

    @Test
    void theMavenProjectOfTheGuideRunsIt() throws Exception {
        Path folder = Packaged.target().resolve("in-a-project");
        AtomicFolders.delete(folder);
        Path sources = Files.createDirectories(folder.resolve("src/main/java"));
        Files.copy(Packaged.example(), sources.resolve("Example.java"));
        Files.writeString(folder.resolve("pom.xml"), pomOfTheGuide());

        List<String> command = List.of(
                Path.of(System.getProperty("maven.home"), "bin", "mvn").toString(),
                "-B",
                "-q",
                "-Dstyle.color=never",
                "-Dmaven.repo.local=" + repository(folder.resolve("repository")),
                "compile",
                "exec:java");
        learns(Packaged.run(folder, command));
    }

    /** Otherwise JBang would run something else than Maven. */
    @Test
    void theExampleNamesTheLibrariesOfTheProject() throws Exception {
        Set<String> named = new TreeSet<>();
        for (String line : Files.readAllLines(Packaged.example())) {
            if (line.startsWith("//DEPS ")) {
                named.add(line.substring("//DEPS ".length()));
            }
        }

        assertEquals(dependencies(pomOfTheGuide()), named);
        assertTrue(named.contains("dev.lorikeet:lorikeet:" + Packaged.version()), named + "");
    }

    @Test
    void theJarCarriesLicenceVersionAndNamesOfParameters() throws IOException, ReflectiveOperationException {
        try (JarFile jar = new JarFile(Packaged.jar().toFile())) {
            var manifest = jar.getManifest().getMainAttributes();
            assertEquals("dev.lorikeet", manifest.getValue("Automatic-Module-Name"));
            assertEquals(Packaged.version(), manifest.getValue("Implementation-Version"));
            try (InputStream licence = jar.getInputStream(jar.getJarEntry("META-INF/LICENSE"))) {
                assertEquals(
                        Files.readString(TestData.checkout().resolve("LICENSE")), new String(licence.readAllBytes()));
            }
        }
        var load = Class.forName("dev.lorikeet.model.Models").getMethod("load", String.class);
        assertEquals("model", load.getParameters()[0].getName(), "kernels show it in signatures");
    }

    private static void learns(Packaged.Outcome outcome) {
        assertEquals(0, outcome.status(), "exit status");
        String before = outcome.output()
                .lines()
                .filter(line -> line.startsWith("Before: "))
                .findFirst()
                .orElseThrow();
        assertTrue(!before.contains("Pip"), before);
        assertTrue(outcome.output().contains("\nAfter: I am Pip, the parrot of the harbour library.\n"), "the lesson");
    }

    private static String pomOfTheGuide() throws IOException {
        Matcher pom = POM.matcher(Files.readString(GUIDE));
        assertTrue(pom.find(), "the guide has a Maven project");
        return pom.group(1);
    }

    private static Set<String> dependencies(String pom) throws Exception {
        NodeList found = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(pom)))
                .getElementsByTagName("dependency");
        Set<String> names = new TreeSet<>();
        for (int i = 0; i < found.getLength(); i++) {
            List<String> parts = new ArrayList<>();
            for (String part : List.of("groupId", "artifactId", "version", "classifier")) {
                NodeList values = ((Element) found.item(i)).getElementsByTagName(part);
                if (values.getLength() > 0) {
                    parts.add(values.item(0).getTextContent());
                }
            }
            names.add(String.join(":", parts));
        }
        return names;
    }

    /** The local repository of this build as {@code mvn install} would leave it, by links: nobody's own one is changed. */
    private static Path repository(Path folder) throws IOException {
        Path own = Path.of(System.getProperty("localRepository"));
        link(own, folder, Set.of("dev"));
        link(own.resolve("dev"), folder.resolve("dev"), Set.of("lorikeet"));

        Path group = folder.resolve("dev/lorikeet");
        Path parent = group.resolve("lorikeet-parent").resolve(Packaged.version());
        put(TestData.checkout().resolve("pom.xml"), parent, "lorikeet-parent-%s.pom");
        Path toolkit = group.resolve("lorikeet").resolve(Packaged.version());
        put(TestData.checkout().resolve("toolkit/pom.xml"), toolkit, "lorikeet-%s.pom");
        put(Packaged.jar(), toolkit, "lorikeet-%s.jar");
        return folder;
    }

    private static void link(Path from, Path to, Set<String> without) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> entries = Files.isDirectory(from) ? Files.list(from) : Stream.empty()) {
            for (Path entry : entries.toList()) {
                if (!without.contains(entry.getFileName().toString())) {
                    Files.createSymbolicLink(to.resolve(entry.getFileName()), entry);
                }
            }
        }
    }

    private static void put(Path file, Path folder, String name) throws IOException {
        Files.createDirectories(folder);
        Files.copy(file, folder.resolve(name.formatted(Packaged.version())), StandardCopyOption.REPLACE_EXISTING);
    }
}
