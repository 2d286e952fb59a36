package dev.lorikeet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.cli.Tiny.Outcome;
import dev.lorikeet.memory.MemoryEstimate;
import dev.lorikeet.memory.MemoryParts;
import org.junit.jupiter.api.Test;

class MemoryCommandTest {

    private static double activations(String options) {
        Outcome outcome = Tiny.run("memory --precision float32 --model " + Tiny.LLAMA + " " + options);
        assertEquals(0, outcome.status(), outcome.err());
        assertTrue(outcome.out().strip().endsWith("it fits"), outcome.out());
        return outcome.out()
                .lines()
                .filter(line -> line.startsWith("activations"))
                .mapToDouble(line -> Double.parseDouble(line.split(" +")[1]))
                .sum();
    }

    @Test
    void batchesAndRecomputationCount() {
        double much = activations("--batch 4000");
        assertTrue(much > 1.5 * activations("--batch 2000"), "with the rows");
        assertTrue(much > 1.1 * activations("--batch 4000 --recompute"), "less when recomputed");
    }

    @Test
    void whatDoesNotFitIsAFailure() {
        MemoryParts parts = new MemoryParts(1, 1, 0, 0, 0, 1);
        assertEquals(0, MemoryCommand.status(new MemoryEstimate(parts, 3.5)));
        assertEquals(1, MemoryCommand.status(new MemoryEstimate(parts, 2.5)));
    }
}
