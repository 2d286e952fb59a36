package dev.lorikeet;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The rooms of the toolkit and whom each may call. */
class ArchitectureTest {

    private static final String ROOT = "dev.lorikeet.";

    /** Each room and the rooms that it may call beside itself. */
    private static final Map<String, Set<String>> MAY_CALL = Map.ofEntries(
            Map.entry("base", Set.of()),
            Map.entry("tensor", Set.of("base")),
            Map.entry("hub", Set.of("base")),
            Map.entry("weights", Set.of("base", "tensor")),
            Map.entry("text", Set.of("base", "weights")),
            Map.entry("model", Set.of("base", "tensor", "hub", "weights", "text")),
            Map.entry("lora", Set.of("base", "tensor", "weights", "model")),
            Map.entry("data", Set.of("base", "hub", "text")),
            Map.entry("memory", Set.of("base", "tensor")),
            Map.entry("train", Set.of("base", "tensor", "weights", "text", "model", "lora", "data", "memory")),
            Map.entry("plot", Set.of("base", "train", "memory", "data")),
            Map.entry(
                    "notebook",
                    Set.of(
                            "base", "tensor", "hub", "weights", "text", "model", "lora", "data", "memory", "train",
                            "plot")));

    /** The rooms behind the lobby {@code model}, and those of them that each may call. */
    private static final Map<String, Set<String>> BEHIND_MODEL = Map.of(
            "config", Set.of(),
            "block", Set.of("config"),
            "spec", Set.of("config"),
            "family", Set.of("config", "spec"),
            "io", Set.of("config", "block", "spec", "family"),
            "input", Set.of("config", "block"),
            "generate", Set.of("config", "block", "input"),
            "embed", Set.of("config", "block", "input", "io"),
            "summary", Set.of("config", "block"));

    private static final int MOST_FILES = 25;

    /** The tunings must stand beside the sealed class that they extend, and their tasks beside them. */
    private static final int MOST_FILES_OF_TRAIN = 35;

    private static JavaClasses classes;

    @BeforeAll
    static void read() {
        classes = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("dev.lorikeet");
    }

    /** Tests that follow in this process would drag them through each garbage collection. */
    @AfterAll
    static void forget() {
        classes = null;
    }

    @Test
    void roomsCallOnlyWhomTheyMay() {
        MAY_CALL.forEach((room, callees) -> {
            String[] forbidden = MAY_CALL.keySet().stream()
                    .filter(other -> !other.equals(room) && !callees.contains(other))
                    .map(ArchitectureTest::within)
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage(within(room))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(forbidden)
                    .check(classes);
        });
    }

    @Test
    void noRoomsCallEachOtherInACircle() {
        slices().matching(ROOT + "(*)..").should().beFreeOfCycles().check(classes);
    }

    @Test
    void theRoomsBehindTheModelsCallOnlyWhomTheyMay() {
        BEHIND_MODEL.forEach((room, callees) -> {
            List<String> forbidden = new ArrayList<>(List.of(ROOT + "model"));
            BEHIND_MODEL.keySet().stream()
                    .filter(other -> !other.equals(room) && !callees.contains(other))
                    .forEach(other -> forbidden.add(within("model." + other)));
            noClasses()
                    .that()
                    .resideInAPackage(within("model." + room))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(forbidden.toArray(String[]::new))
                    .check(classes);
        });
    }

    @Test
    void noRoomIsCrowded() throws IOException {
        Path sources = TestData.checkout().resolve("toolkit/src/main/java/dev/lorikeet");
        for (Path room : packages(sources)) {
            try (Stream<Path> files = Files.list(room)) {
                long count =
                        files.filter(file -> file.toString().endsWith(".java")).count();
                int most = room.equals(sources.resolve("train")) ? MOST_FILES_OF_TRAIN : MOST_FILES;
                assertTrue(count <= most, room + " has " + count + " files");
            }
        }
    }

    @Test
    void onlyTheTensorRoomTouchesTheEngine() {
        noClasses()
                .that()
                .resideOutsideOfPackage(within("tensor"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("ai.djl.pytorch..")
                .check(classes);
    }

    @Test
    void formatsCallOperationsAndBothCallTheEngineButNotTheOtherWayRound() {
        String engine = ROOT + "tensor.engine";
        String format = ROOT + "tensor.format";
        noClasses()
                .that()
                .resideInAPackage(engine)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOT + "tensor", format)
                .check(classes);
        noClasses()
                .that()
                .resideInAPackage(ROOT + "tensor")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(format)
                .check(classes);
    }

    /** A chart is drawn from what was recorded; nothing of a running training is needed. */
    @Test
    void plotsReadNothingButRecords() {
        noClasses()
                .that()
                .resideInAPackage(within("plot"))
                .should()
                .dependOnClassesThat(resideInAPackage(ROOT + ".")
                        .and(resideOutsideOfPackages(within("plot"), within("base")))
                        .and(DescribedPredicate.describe(
                                "are no records", type -> isNoValue(type.getBaseComponentType()))))
                .check(classes);
    }

    private static boolean isNoValue(JavaClass type) {
        return !type.isRecord() && !type.isEnum();
    }

    private static String within(String room) {
        return ROOT + room + "..";
    }

    @Test
    void everyRoomIsInTheTableAndSaysWhatItIsFor() throws IOException {
        Path sources = TestData.checkout().resolve("toolkit/src/main/java/dev/lorikeet");
        Set<String> rooms = new TreeSet<>();
        for (Path folder : packages(sources)) {
            assertTrue(Files.exists(folder.resolve("package-info.java")), folder + " has no package-info.java");
            if (!folder.equals(sources)) {
                rooms.add(sources.relativize(folder).getName(0).toString());
            }
        }
        assertEquals(new TreeSet<>(MAY_CALL.keySet()), rooms);
    }

    private static List<Path> packages(Path sources) throws IOException {
        try (Stream<Path> files = Files.walk(sources)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .map(Path::getParent)
                    .distinct()
                    .toList();
        }
    }
}
