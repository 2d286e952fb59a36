package dev.lorikeet.cli;

import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.model.Models;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code lorikeet spark-jars}. */
@Command(
        name = "spark-jars",
        description =
                "Lists the jars that a program on Apache Spark needs beside lorikeet-spark, for spark-submit's --jars.",
        footer = {
            "Examples:",
            "  lorikeet spark-jars | tr , '\\n'",
            "  spark-submit --jars \"$(lorikeet spark-jars)\" --class dev.lorikeet.spark.Train lorikeet-spark.jar ...",
            "",
            LorikeetCommand.OUTPUT,
            LorikeetCommand.STATUS,
        })
final class SparkJarsCommand implements Runnable {

    /** Spark has a logger of its own, and no use for a command line. */
    private static final String LEFT_OUT = "(slf4j-|picocli-).*";

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        Path toolkit = toolkit();
        if (!Files.isRegularFile(toolkit)) {
            throw new LorikeetException("The toolkit runs from class files in %s and not from jars; ".formatted(toolkit)
                    + "run the jar that mvn package -DskipTests makes");
        }
        try (Stream<Path> beside = Files.list(toolkit.getParent())) {
            spec.commandLine()
                    .getOut()
                    .println(beside.filter(SparkJarsCommand::isNeeded)
                            .sorted()
                            .map(Path::toString)
                            .collect(Collectors.joining(",")));
        } catch (IOException e) {
            throw new LorikeetException("The folder %s cannot be read: %s".formatted(toolkit.getParent(), e), e);
        }
    }

    /** Where the toolkit's classes come from. */
    private static Path toolkit() {
        try {
            return Path.of(Models.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new LorikeetException("The place of the toolkit's jar is no path: " + e.getMessage(), e);
        }
    }

    private static boolean isNeeded(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".jar") && !name.matches(LEFT_OUT);
    }
}
