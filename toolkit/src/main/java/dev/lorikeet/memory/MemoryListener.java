package dev.lorikeet.memory;

import ai.djl.Device;
import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListener;
import dev.lorikeet.base.LorikeetException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Records the peak memory of a training run, of any that DJL's trainers drive: at the start and the end of each epoch and at
 * the start of chosen batches. Before the run begins it releases memory that is kept for reuse, so that two runs in one
 * process can be compared; close the first run's model before. DJL reports ends only, so the sample for a start is taken at
 * the end of what came before.
 */
public final class MemoryListener implements TrainingListener {

    private static final int[] BATCHES = {5, 10, 25, 50, 100, 150, 200, 300, 400, 500};
    private static final double THOUSANDTHS = 1000;

    private final String name;
    private final Function<Device, MemoryProbe> probing;
    private int[] batches = BATCHES;

    private List<MemoryProbe> probes = List.of();
    private List<MemorySample> baselines = List.of();
    private final List<MemorySample> samples = new ArrayList<>();
    /** Samples for a start that may not come. */
    private final List<MemorySample> expected = new ArrayList<>();

    private int epoch;
    private int batch;

    /**
     * Measures the devices that the training runs on; see {@link MemoryProbe#of}.
     *
     * @param name the run's name in tables and charts
     */
    public MemoryListener(String name) {
        this(name, MemoryProbe::of);
    }

    /**
     * Measures with your own probes.
     *
     * @param probing makes the probe of each device; it is closed when the training ends
     */
    public MemoryListener(String name, Function<Device, MemoryProbe> probing) {
        this.name = name;
        this.probing = probing;
    }

    /** Takes a sample at the start of these batches, counted from 0 in each epoch; default 5, 10, 25, 50, 100, 150, 200, 300, 400 and 500. */
    public MemoryListener atBatches(int... indices) {
        batches = indices.clone();
        return this;
    }

    /**
     * The samples of the last run, or of the present one so far.
     *
     * @throws LorikeetException if no training has begun with this listener
     */
    public MemoryReport report() {
        if (baselines.isEmpty()) {
            throw new LorikeetException(
                    "The memory listener \"" + name + "\" has seen no training; give it to one: with(listener)");
        }
        return new MemoryReport(name, baselines, samples);
    }

    @Override
    public void onTrainingBegin(Trainer trainer) {
        close();
        Memory.release();
        probes = Arrays.stream(trainer.getDevices()).map(probing).toList();
        probes.forEach(MemoryProbe::reset);
        samples.clear();
        expected.clear();
        epoch = 0;
        batch = 0;
        baselines = take("before");
        samples.addAll(take("epoch 0 start"));
        expect(0);
    }

    @Override
    public void onTrainingBatch(Trainer trainer, BatchData data) {
        samples.addAll(expected);
        expected.clear();
        batch++;
        expect(batch);
    }

    private void expect(int next) {
        if (IntStream.of(batches).anyMatch(number -> number == next)) {
            expected.addAll(take("batch " + next));
        }
    }

    @Override
    public void onEpoch(Trainer trainer) {
        expected.clear();
        samples.addAll(take("epoch " + epoch + " end"));
        epoch++;
        batch = 0;
        expected.addAll(take("epoch " + epoch + " start"));
        expect(0);
    }

    @Override
    public void onTrainingEnd(Trainer trainer) {
        if (batch > 0) {
            samples.addAll(take("end"));
        }
        close();
    }

    @Override
    public void onValidationBatch(Trainer trainer, BatchData data) {}

    private List<MemorySample> take(String label) {
        return probes.stream()
                .map(probe -> new MemorySample(label, probe.measured(), rounded(Memory.gib(probe.peak()))))
                .toList();
    }

    private static double rounded(double gib) {
        return Math.round(gib * THOUSANDTHS) / THOUSANDTHS;
    }

    private void close() {
        probes.forEach(MemoryProbe::close);
        probes = List.of();
    }

    @Override
    public String toString() {
        return baselines.isEmpty() ? "memory listener \"" + name + "\", no training seen" : report().toString();
    }
}
