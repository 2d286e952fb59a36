package dev.lorikeet.lora;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.JavaProcess;
import dev.lorikeet.model.Models;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.tensor.DType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is left of an adapter, a model's folder and a GGUF file when a process is killed while it saves loads as the old or the new
 * one. To try it for longer: {@code mvn test -pl toolkit -Dtest=KilledSavesTest -Dkills=100 -Dseed=7}.
 */
class KilledSavesTest {

    private static final int KILLS = Integer.getInteger("kills", 3);
    private static final long SEED = Long.getLong("seed", 1);

    /** At most so far apart are the logits of a model that went through a file of float32. */
    private static final float ROUNDING = 1e-4f;

    @TempDir
    private Path home;

    private static void assertOneOf(List<float[]> expected, float[] logits, String what) {
        List<Float> distances =
                expected.stream().map(each -> Adapters.distance(each, logits)).toList();
        assertTrue(distances.stream().anyMatch(distance -> distance < ROUNDING), what + " is off by " + distances);
    }

    private float[] loaded(String name) {
        try (PretrainedModel model = Models.load(home.resolve(name).toString(), DType.FLOAT32)) {
            return Adapters.logits(model);
        }
    }

    private float[] adapted() {
        try (PretrainedModel model = KilledSaves.model(0)) {
            Lora.load(home.resolve(KilledSaves.ADAPTER), model);
            return Adapters.logits(model);
        }
    }

    private static float[] base(int version) {
        try (PretrainedModel model = KilledSaves.model(version)) {
            return Adapters.logits(model);
        }
    }

    private static float[] adapted(int version) {
        try (PretrainedModel model = KilledSaves.model(0)) {
            KilledSaves.adapter(model, version);
            return Adapters.logits(model);
        }
    }

    @Test
    void leavesTheOldOrTheNewWhole() throws Exception {
        Random random = new Random(SEED);
        List<float[]> bases = List.of(base(0), base(1));
        List<float[]> adapted = List.of(adapted(0), adapted(1));
        assertTrue(Adapters.distance(bases.get(0), bases.get(1)) > 100 * ROUNDING);
        assertTrue(Adapters.distance(adapted.get(0), adapted.get(1)) > 100 * ROUNDING);
        for (int kill = 1; kill <= KILLS; kill++) {
            Path log = home.resolve("log");
            Process process = JavaProcess.start(log, KilledSaves.class, home.toString());
            JavaProcess.killAfter(process, log, KilledSaves.SAVED, random.nextInt(100_000));
            assertOneOf(adapted, adapted(), "The adapter");
            assertOneOf(bases, loaded(KilledSaves.MODEL), "The model");
            assertOneOf(bases, loaded(KilledSaves.GGUF), "The GGUF file");
            try (Stream<Path> all = Files.walk(home)) {
                assertEquals(
                        List.of(),
                        all.filter(path -> path.getFileName().toString().startsWith("."))
                                .toList(),
                        "loading cleans up");
            }
        }
    }
}
