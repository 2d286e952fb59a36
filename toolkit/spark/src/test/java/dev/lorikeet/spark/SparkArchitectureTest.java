package dev.lorikeet.spark;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** One jar runs on every Spark of Scala 2.13. */
class SparkArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.lorikeet.spark");

    @Test
    void nothingIsOfScala() {
        noClasses().should().dependOnClassesThat().resideInAPackage("scala..").check(CLASSES);
    }

    @Test
    void theEngineIsLeftToTheToolkit() {
        noClasses().should().dependOnClassesThat().resideInAPackage("ai.djl..").check(CLASSES);
    }
}
