package dev.lorikeet.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.tensor.Torch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MemoryProbeTest {

    private static final long MIB = 1 << 20;
    private static final Measured FAKE = new Measured("GPU 0 (fake)", Measured.Counting.PROCESS);

    /** 256 MiB of float32, which goes back to the system when it is closed. */
    private static final Shape BIG = new Shape(64, 1 << 20);

    /** Else what was freed before could serve what is allocated here. */
    @BeforeEach
    void nothingIsHeldForLater() {
        Memory.release();
    }

    private static void passBy() {
        try (NDManager manager = Torch.manager()) {
            manager.ones(BIG).close();
        }
    }

    /** Starts the engine, and lets Java give its heap back now: later, that would hide a tensor. */
    private static void settle() throws InterruptedException {
        passBy();
        System.gc();
        Thread.sleep(500);
    }

    @Test
    void theHostsPeakSeesAPassingTensorAndAResetForgetsIt() throws InterruptedException {
        settle();
        try (MemoryProbe probe = MemoryProbe.host()) {
            long before = probe.now();
            passBy();
            assertTrue(probe.peak() > before + 200 * MIB, "%d after %d".formatted(probe.peak(), before));
            probe.reset();
            assertTrue(probe.peak() < before + 100 * MIB, "%d after %d".formatted(probe.peak(), before));
            assertTrue(probe.peak() >= probe.now() - MIB);
            assertEquals(
                    "host, resident memory of the process", probe.measured().toString());
        }
    }

    /** There is but one high-water mark in the process. */
    @Test
    void resettingOneProbeTakesNothingFromAnother() throws InterruptedException {
        assumeTrue(HighWaterProbe.isSupported(), "Linux only");
        settle();
        try (MemoryProbe run = MemoryProbe.host();
                MemoryProbe step = MemoryProbe.host()) {
            long before = run.now();
            passBy();
            step.reset();
            assertTrue(run.peak() > before + 200 * MIB, "%d after %d".formatted(run.peak(), before));
            assertTrue(step.peak() < before + 100 * MIB, "%d after %d".formatted(step.peak(), before));
            passBy();
            assertTrue(step.peak() > before + 200 * MIB, "%d after %d".formatted(step.peak(), before));
        }
    }

    @Test
    void samplingSeesAPeakThatIsOverBeforeAnybodyAsks() throws InterruptedException {
        AtomicLong used = new AtomicLong(100);
        AtomicLong looks = new AtomicLong();
        LongSupplier watched = () -> {
            looks.incrementAndGet();
            return used.get();
        };
        try (MemoryProbe probe = SampledProbe.of(FAKE, watched)) {
            used.set(700);
            // When it looks a second time, it has seen the 700.
            for (long before = looks.get(); looks.get() < before + 2; ) {
                Thread.sleep(10);
            }
            used.set(200);
            assertEquals(200, probe.now());
            assertEquals(700, probe.peak());
            probe.reset();
            assertEquals(200, probe.peak());
        }
    }

    @Test
    void aClosedProbeNoLongerLooks() throws InterruptedException {
        AtomicLong looks = new AtomicLong();
        MemoryProbe probe = SampledProbe.of(FAKE, looks::incrementAndGet);
        probe.close();
        Thread.sleep(100);
        long after = looks.get();
        Thread.sleep(100);
        assertEquals(after, looks.get());
    }

    @Test
    void theCpusMemoryIsTheHosts() {
        try (MemoryProbe probe = MemoryProbe.of(Device.cpu())) {
            assertEquals(HostMemory.measured(), probe.measured());
        }
        assertTrue(Memory.availableGiB(Device.cpu()) > 0.1);
    }

    @Test
    void releasedMemoryGoesBackToTheSystem() {
        try (NDManager manager = Torch.manager();
                MemoryProbe probe = MemoryProbe.host()) {
            // Each too small to be given back by itself.
            for (int i = 0; i < 2000; i++) {
                manager.ones(new Shape(25_000));
            }
            long full = probe.now();
            manager.close();
            Memory.release();
            assertTrue(probe.now() < full - 150 * MIB, "%d after %d".formatted(probe.now(), full));
        }
    }
}
