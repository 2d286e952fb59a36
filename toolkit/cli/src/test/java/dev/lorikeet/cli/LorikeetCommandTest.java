package dev.lorikeet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import dev.lorikeet.cli.Tiny.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LorikeetCommandTest {

    @ParameterizedTest
    @ValueSource(strings = {"train", "generate", "classify", "merge", "inspect", "memory", "spark-jars"})
    void everyCommandExplainsItself(String command) {
        Outcome help = Tiny.run(command + " --help");
        assertEquals(0, help.status());
        assertTrue(help.out().startsWith("Usage: lorikeet " + command), help.out());
        assertTrue(help.out().contains("Examples:\n  lorikeet " + command + " "), help.out());
        assertTrue(help.out().contains("Exit status: "), help.out());
        assertTrue(Tiny.run("--help").out().contains("\n  " + command), "listed");
        assertTrue(Tiny.run("generate-completion").out().contains(command), "completed");
    }

    @Test
    void aMistypedOptionIsToldApartFromAMissingOne() {
        Outcome outcome = Tiny.run("generate --promt x --model none");
        assertEquals(2, outcome.status());
        assertTrue(outcome.err().contains("'--promt'") && outcome.err().contains("--prompt"), outcome.err());
        assertFalse(outcome.err().contains("Missing"), outcome.err());
        assertEquals(2, Tiny.run("genrate").status());
        assertTrue(Tiny.run("genrate").err().contains("Did you mean: lorikeet generate"));
        assertTrue(Tiny.run("generate --model none").err().contains("Missing required argument"));
    }

    @Test
    void anErrorOfTheToolkitIsOneLine() {
        Outcome outcome = Tiny.run("generate --model smollm2-13m --prompt x");
        assertEquals(1, outcome.status());
        assertTrue(
                outcome.err().startsWith("lorikeet: There is no model \"smollm2-13m\". Did you mean"), outcome.err());
        assertEquals(1, outcome.err().lines().count());
        Outcome traced = Tiny.run("generate --model smollm2-13m --prompt x --trace");
        assertTrue(traced.err().contains("at dev.lorikeet.model.Models"), traced.err());
    }

    /** What computes is the toolkit; notebooks and charts are none of a terminal's business. */
    @Test
    void theCommandLineCallsTheToolkitAlone() {
        ArchRuleDefinition.noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "ai.djl.engine..",
                        "ai.djl.pytorch..",
                        "ai.djl.nn..",
                        "dev.lorikeet.notebook..",
                        "dev.lorikeet.plot..",
                        "dev.lorikeet.hub..")
                .check(new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages("dev.lorikeet.cli"));
    }
}
