package dev.lorikeet.train;

import static dev.lorikeet.Distance.relative;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import com.google.gson.JsonParser;
import dev.lorikeet.TestData;
import dev.lorikeet.data.Batch;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.lora.LoraAdapter;
import dev.lorikeet.model.Models;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.TinyModels;
import dev.lorikeet.model.summary.WeightsDigest;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.Quantization;
import dev.lorikeet.train.step.BackwardPass;
import dev.lorikeet.train.step.CausalObjective;
import dev.lorikeet.train.step.LossInput;
import dev.lorikeet.train.step.MemoryOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** SmolLM2 with its frozen weights as codes, on the first rows of 128 tokens of real conversations. */
class QuantizedBaseTest {

    /** Those of which the Python stack told the loss. */
    private static final int ROWS = 4;

    private static final int LENGTH = 128;
    private static final int END = 2;

    private static PretrainedModel stored;

    /** With the codes of its file, loaded once; a test takes its adapter away. */
    private static PretrainedModel stored() {
        if (stored == null) {
            stored = load(Quantization.AS_STORED);
        }
        return stored;
    }

    @AfterAll
    static void close() {
        if (stored != null) {
            stored.close();
        }
    }

    private static Batch batch(PretrainedModel model, int rows) throws IOException {
        List<Integer> stream = new ArrayList<>();
        try (var lines = Files.lines(TestData.data("guanaco-llama2-1k.jsonl"))) {
            var texts = lines.iterator();
            while (stream.size() < rows * LENGTH) {
                String text = JsonParser.parseString(texts.next())
                        .getAsJsonObject()
                        .get("text")
                        .getAsString();
                Arrays.stream(model.tokenizer().encode(text)).forEach(stream::add);
                stream.add(END);
            }
        }
        int[][] ids = new int[rows][LENGTH];
        for (int i = 0; i < rows * LENGTH; i++) {
            ids[i / LENGTH][i % LENGTH] = stream.get(i);
        }
        return Batch.of(ids);
    }

    private static double loss(PretrainedModel model) throws IOException {
        Batch batch = batch(model, ROWS);
        LossInput question = new CausalObjective(model).lossInput(batch);
        return BackwardPass.evaluate(model, question, 0).loss() / batch.targetCount();
    }

    private static PretrainedModel load(Quantization how) {
        return Models.load(TestData.smollm2().toString(), how, DType.FLOAT32);
    }

    @Test
    void theLossIsThatOfThePythonStack() throws IOException {
        assertEquals(3.257, loss(stored()), 0.005, "Q4_1 as it is in the file");
        try (PretrainedModel model = load(Quantization.NF4_DOUBLE)) {
            assertEquals(3.749, loss(model), 0.005, "NF4 made while loading");
        }
    }

    @Test
    @Tag("heavy")
    void theLossOnNumbersAndOnCodesMadeOfThemIsThatOfThePythonStack() throws IOException {
        try (PretrainedModel model = Models.load(TestData.smollm2().toString(), DType.FLOAT32)) {
            assertEquals(3.257, loss(model), 0.005, "float32");
            model.quantize(Quantization.NF4_DOUBLE);
            assertEquals(3.749, loss(model), 0.005, "NF4 with double quantisation");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NF4", "NF4_DOUBLE"})
    void codesMadeLaterAreThoseMadeWhileLoading(Quantization how, @TempDir Path folder) {
        Path copy = folder.resolve("copy");
        try (PretrainedModel random = TinyModels.randomLlama(1)) {
            random.snapshot(copy);
        }
        try (PretrainedModel later = Models.load(copy.toString(), DType.FLOAT32);
                PretrainedModel loading = Models.load(copy.toString(), how, DType.FLOAT32)) {
            later.quantize(how);
            assertEquals(WeightsDigest.of(loading.transformer()), WeightsDigest.of(later.transformer()));
        }
    }

    @Test
    void theGradientsOfAnAdapterAreThoseOnTheDecodedWeights() throws IOException {
        Learned onNumbers;
        try (PretrainedModel model = Models.load(TestData.smollm2().toString(), DType.FLOAT32)) {
            onNumbers = learn(model, MemoryOptions.DEFAULT);
        }
        for (MemoryOptions options : List.of(MemoryOptions.DEFAULT, new MemoryOptions(true, 64))) {
            Learned onCodes = learn(stored(), options);
            assertEquals(onNumbers.loss, onCodes.loss, 1e-4);
            assertEquals(onNumbers.gradients.size(), onCodes.gradients.size());
            for (int i = 0; i < onNumbers.gradients.size(); i++) {
                assertTrue(relative(onNumbers.gradients.get(i), onCodes.gradients.get(i)) < 1e-4, "adapter " + i);
            }
        }
    }

    /** What a batch teaches: its loss, and the gradients of B of each adapted projection. */
    private record Learned(double loss, List<float[]> gradients) {}

    private static Learned learn(PretrainedModel model, MemoryOptions options) throws IOException {
        LoraAdapter adapter =
                Lora.rank(8).alpha(16).on("q_proj", "v_proj").seed(1).inject(model);
        Batch batch = batch(model, 1);
        LossInput question = new CausalObjective(model).lossInput(batch);
        double loss;
        try (BackwardPass gradients = new BackwardPass(model, options)) {
            loss = gradients
                            .accumulate(question, 1.0 / batch.targetCount(), 1, seen -> {})
                            .loss()
                    / batch.targetCount();
        }
        List<float[]> all = model.transformer().projections().stream()
                .flatMap(projection -> projection.loraWeights().stream())
                .map(delta -> gradient(delta.b()))
                .toList();
        adapter.remove();
        return new Learned(loss, all);
    }

    private static float[] gradient(Parameter parameter) {
        try (NDArray gradient = parameter.getArray().getGradient()) {
            return gradient.toFloatArray();
        }
    }
}
