package dev.lorikeet.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.apache.spark.SparkConf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryOverheadTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "",
            value = {
                "yarn                 |                                             | 0.2 |",
                "yarn                 |                                             | 0.9 | 0.38 GiB; set to 1536m",
                "k8s://https://host:1 | spark.executor.memory=20g                   | 0.9 |",
                "k8s://https://host:1 | spark.executor.memory=8g                    | 0.9 | 0.80 GiB; set to 1536m",
                "yarn                 | spark.executor.memoryOverhead=1400          | 0.9 |",
                "yarn                 | spark.executor.memoryOverhead=1g            | 0.9 | 1.00 GiB; set to 1536m",
                "yarn                 | spark.executor.memoryOverheadFactor=0.5     | 0.9 | 0.50 GiB; set to 1536m",
                "spark://host:7077    |                                             | 0.9 |",
                "local-cluster[2,1,1] |                                             | 0.9 |",
            })
    void aClusterThatEndsLargeExecutorsIsNamed(String master, String setting, double held, String expected) {
        SparkConf settings = new SparkConf(false);
        if (setting != null) {
            settings.set(setting.split("=")[0], setting.split("=")[1]);
        }
        Optional<String> warning = MemoryOverhead.warning(master, settings, held);
        assertEquals(
                Optional.ofNullable(expected),
                warning.map(line -> line.replaceAll(
                        ".*more than (.*); set spark.executor.memoryOverhead to (.*)\\.", "$1; set to $2")));
    }
}
