package dev.lorikeet.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListenerAdapter;
import ai.djl.training.loss.Loss;
import ai.djl.translate.TranslateException;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.tensor.Torch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** In a plain DJL training, without any of the toolkit's loop. */
class MemoryListenerTest {

    private static final long GIB = 1L << 30;

    /** A GPU whose memory the test decides. */
    private static final class FakeProbe implements MemoryProbe {

        private final Device device;
        private long now = GIB;
        private long peak = GIB;
        private int resets;
        private boolean closed;

        FakeProbe(Device device) {
            this.device = device;
        }

        void use(double gib) {
            now = (long) (gib * GIB);
            peak = Math.max(peak, now);
        }

        @Override
        public Measured measured() {
            return new Measured("GPU " + device.getDeviceId() + " (fake)", Measured.Counting.ALLOCATED);
        }

        @Override
        public long now() {
            return now;
        }

        @Override
        public long peak() {
            return peak;
        }

        @Override
        public void reset() {
            resets++;
            peak = now;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private final List<FakeProbe> probes = new ArrayList<>();

    private MemoryProbe fake(Device device) {
        probes.add(new FakeProbe(device));
        return probes.get(probes.size() - 1);
    }

    /** Uses so much memory in each batch, and nothing of it after the batch. */
    private TrainingListener using(double... gib) {
        return new TrainingListenerAdapter() {
            private int batch;

            @Override
            public void onTrainingBatch(Trainer trainer, BatchData data) {
                probes.forEach(probe -> probe.use(gib[Math.min(batch, gib.length - 1)]));
                probes.forEach(probe -> probe.use(1));
                batch++;
            }
        };
    }

    private static void train(int batches, int epochs, TrainingListener... listeners)
            throws IOException, TranslateException {
        try (NDManager manager = Torch.manager();
                Model model = Model.newInstance("linear", "PyTorch")) {
            NDArray x = manager.ones(new Shape(2L * batches, 3));
            ArrayDataset data = new ArrayDataset.Builder()
                    .setData(x)
                    .optLabels(manager.zeros(new Shape(2L * batches, 1)))
                    .setSampling(2, false)
                    .build();
            model.setBlock(Linear.builder().setUnits(1).build());
            DefaultTrainingConfig config = new DefaultTrainingConfig(Loss.l2Loss())
                    .optDevices(new Device[] {Device.cpu()})
                    .addTrainingListeners(listeners);
            try (Trainer trainer = model.newTrainer(config)) {
                trainer.initialize(new Shape(2, 3));
                EasyTrain.fit(trainer, epochs, data, null);
            }
        }
    }

    private static List<String> moments(MemoryReport report) {
        return report.samples().stream()
                .map(sample -> sample.label() + " " + sample.peakGiB())
                .toList();
    }

    @Test
    void samplesAreLabelledAsInTheWalkthrough() throws IOException, TranslateException {
        MemoryListener listener = new MemoryListener("linear", this::fake).atBatches(1, 3, 5);

        train(4, 2, using(1.25, 1.5, 1.1, 2.0004, 1, 2.5), listener);

        MemoryReport report = listener.report();
        assertEquals(
                List.of(
                        "epoch 0 start 1.0",
                        "batch 1 1.25",
                        "batch 3 1.5",
                        "epoch 0 end 2.0",
                        "epoch 1 start 2.0",
                        "batch 1 2.0",
                        "batch 3 2.5",
                        "epoch 1 end 2.5"),
                moments(report));
        assertEquals(2.5, report.peakGiB());
        assertEquals(1, report.baselines().get(0).peakGiB());
        assertEquals(1, probes.get(0).resets);
        assertTrue(probes.get(0).closed);
    }

    @Test
    void theStandardBatchesAreThoseOfTheWalkthroughAndTheLastIsNoneThatBegins() throws IOException, TranslateException {
        MemoryListener listener = new MemoryListener("linear", this::fake);
        train(25, 1, using(1), listener);
        assertEquals(
                List.of("epoch 0 start", "batch 5", "batch 10", "epoch 0 end"),
                listener.report().samples().stream().map(MemorySample::label).toList());
    }

    @Test
    void aRunThatStopsWithinAnEpochHasAnEnd() {
        MemoryListener listener = new MemoryListener("linear", this::fake);
        TrainingListener stop = new TrainingListenerAdapter() {
            @Override
            public void onTrainingBatch(Trainer trainer, BatchData data) {
                throw new IllegalStateException("as planned");
            }
        };
        assertThrows(IllegalStateException.class, () -> train(4, 1, using(1, 3), listener, stop));
        assertEquals(List.of("epoch 0 start 1.0", "end 1.0"), moments(listener.report()));
        assertTrue(probes.get(0).closed);
    }

    @Test
    void severalDevicesHaveAProbeAndASampleEach() {
        MemoryListener listener = new MemoryListener("both", this::fake).atBatches(1);
        try (Model model = Model.newInstance("linear", "PyTorch")) {
            model.setBlock(Linear.builder().setUnits(1).build());
            DefaultTrainingConfig config = new DefaultTrainingConfig(Loss.l2Loss())
                    .optDevices(new Device[] {Device.gpu(0), Device.gpu(1)})
                    .addTrainingListeners(listener);
            try (Trainer trainer = model.newTrainer(config)) {
                probes.get(0).use(2);
                probes.get(1).use(5);
                listener.onTrainingBatch(trainer, null);
                listener.onTrainingBatch(trainer, null);
                listener.onEpoch(trainer);
            }
        }

        MemoryReport report = listener.report();
        assertEquals(2, report.measured().size());
        assertEquals(
                "GPU 1 (fake), memory allocated to tensors",
                report.measured().get(1).toString());
        assertEquals(2, report.peakGiB(report.measured().get(0)));
        assertEquals(5, report.peakGiB(report.measured().get(1)));
        assertEquals(7, report.peakGiB());
        assertEquals(
                List.of(
                        "epoch 0 start 1.0",
                        "epoch 0 start 1.0",
                        "batch 1 2.0",
                        "batch 1 5.0",
                        "epoch 0 end 2.0",
                        "epoch 0 end 5.0"),
                moments(report));
        assertTrue(report.html().contains("GPU 1 (fake)"), report.html());
        assertEquals(6, report.table().rowCount());
    }

    /** What the first run held is no part of the second's. */
    @Test
    void aSecondRunIsMeasuredFromItsOwnBeginning() throws IOException, TranslateException {
        MemoryListener listener = new MemoryListener("twice", this::fake);
        train(2, 1, using(4), listener);
        MemoryReport first = listener.report();
        train(2, 1, using(1.5), listener);
        MemoryReport second = listener.report();
        assertEquals(4, first.peakGiB());
        assertEquals(1.5, second.peakGiB());
        assertEquals(62.5, second.percentLessThan(first), 1e-9);
        assertEquals(2, probes.size());
    }

    @Test
    void theHostsMemoryIsMeasuredInAPlainTraining() throws IOException, TranslateException {
        MemoryListener listener = new MemoryListener("linear").atBatches(1, 2, 3);
        TrainingListener big = new TrainingListenerAdapter() {
            private int batch;

            @Override
            public void onTrainingBatch(Trainer trainer, BatchData data) {
                // A peak between two batches: made and gone before anybody looks.
                if (batch++ == 1) {
                    trainer.getManager().ones(new Shape(64, 1 << 20)).close();
                }
            }
        };
        train(4, 1, big, listener);
        double[] peaks = listener.report().samples().stream()
                .mapToDouble(MemorySample::peakGiB)
                .toArray();
        assertEquals(5, peaks.length);
        assertTrue(peaks[1] < peaks[2] - 0.15, Arrays.toString(peaks));
        assertTrue(IntStream.range(1, peaks.length).allMatch(i -> peaks[i] >= peaks[i - 1]), Arrays.toString(peaks));
        assertTrue(listener.report().toString().contains("host, resident memory of the process"));
    }

    @Test
    void aReportOfNothingSaysWhatToDo() {
        MemoryListener listener = new MemoryListener("LoRA");
        String message = assertThrows(LorikeetException.class, listener::report).getMessage();
        assertTrue(message.contains("LoRA") && message.contains("with(listener)"), message);
    }
}
