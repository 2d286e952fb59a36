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
 * Watches the memory of a training run, any that DJL's trainers drive: the peak so far at the start and the end of each epoch
 * and at the start of chosen batches. Before the run begins it gives back what is held for later, so that two runs in one
 * process can be compared; close the first run's model before. DJL tells of no beginnings, so what is noted for one is the
 * state at the end of what came before.
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
    /** Taken for a beginning that is not sure to come. */
    private final List<MemorySample> expected = new ArrayList<>();

    private int epoch;
    private int batch;

    /**
     * Measures the devices that the training runs on; see {@link MemoryProbe#of}.
     *
     * @param name of the run, for tables and charts
     */
    public MemoryListener(String name) {
        this(name, MemoryProbe::of);
    }

    /**
     * Measures with probes of one's own.
     *
     * @param probing makes the probe of each device; it is closed when the training ends
     */
    public MemoryListener(String name, Function<Device, MemoryProbe> probing) {
        this.name = name;
        this.probing = probing;
    }

    /** The batches, counted from 0 in each epoch, at whose start a sample is taken; 5, 10, 25, 50, 100, 150, 200, 300, 400 and 500 unless set. */
    public MemoryListener atBatches(int... numbers) {
        batches = numbers.clone();
        return this;
    }

    /**
     * What was seen of the last run, or of the present one so far.
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
