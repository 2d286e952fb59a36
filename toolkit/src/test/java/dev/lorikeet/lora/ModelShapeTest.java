package dev.lorikeet.lora;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.ModelShape;
import dev.lorikeet.model.Models;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.TinyModels;
import dev.lorikeet.model.summary.ParameterBytes;
import dev.lorikeet.model.summary.ParameterCount;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.Quantization;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelShapeTest {

    private static final Map<String, LoraBuilder> EVERYWHERE = Map.of(
            "all linear", Lora.rank(3),
            "fused", Lora.rank(3).on(Targets.ALL_LINEAR_FUSED),
            "default", Lora.rank(3).on(Targets.PEFT_DEFAULT),
            "pattern", Lora.rank(3).on(Targets.matching(".*\\.1\\..*")).rankPattern(".*\\.1\\..*", 5),
            "one layer", Lora.rank(3).layersToTransform(1).rsLora(),
            "all biases", Lora.rank(3).bias(Bias.ALL),
            "biases of targets", Lora.rank(3).bias(Bias.LORA_ONLY));

    private static void assertCounts(LanguageModel model, ModelShape shape, String what) {
        assertEquals(model.parameterCount(), shape.parameterCount(), what);
        assertEquals(model.parameterBytes(), shape.parameterBytes(DType.FLOAT32), what);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tiny-gpt2",
                "tiny-llama",
                "mistral",
                "qwen2",
                "tiny-qwen3",
                "tiny-gemma2",
                "tiny-gemma3",
                "tiny-phi3",
                "tiny-smollm3",
                "tiny-olmo2",
                "tiny-granite",
                "llama-biased"
            })
    void itCountsWhatTheModelCounts(String family) {
        Path folder = TinyModels.folder(family);
        ModelShape shape = Models.shape(folder);
        try (PretrainedModel model = TinyModels.load(family)) {
            assertCounts(model, shape, family);
            assertAdapters(model, shape);
            LoraBuilder saved = Lora.rank(2).on(Targets.PEFT_DEFAULT).modulesToSave("lm_head");
            LoraAdapter head = saved.inject(model);
            assertCounts(model, shape.with(saved), "lm_head");
            head.remove();
            model.freeze(false);
            assertCounts(model, shape.freeze(false), "trained");
            model.freeze(true);
            Classifier classifier = model.classifier("a", "b", "c");
            ModelShape three = shape.classifier(3);
            assertCounts(classifier, three, "classifier");
            classifier.freeze(true);
            assertCounts(classifier, three.freeze(true), "frozen classifier");
            assertAdapters(classifier, three);
            classifier.freeze(false);
            assertCounts(classifier, three.freeze(false), "trained classifier");
        }
    }

    private static void assertAdapters(LanguageModel model, ModelShape shape) {
        EVERYWHERE.forEach((what, lora) -> {
            LoraAdapter adapter = lora.inject(model);
            assertCounts(model, shape.with(lora), what);
            LoraAdapter second = Lora.rank(1).named("second").inject(model);
            assertCounts(model, shape.with(lora).with(Lora.rank(1).named("second")), what + " and another");
            second.remove();
            adapter.remove();
        });
    }

    @Test
    void gpt2IsThatOfTheWalkthroughs() {
        ModelShape gpt2 = Models.shape("gpt2");
        assertEquals(new ParameterCount(124_439_808, 0), gpt2.parameterCount());
        assertEquals("474.70 MiB", gpt2.size(DType.FLOAT32));
        ModelShape adapted = gpt2.with(Lora.rank(4).alpha(32).on("query", "value"));
        assertEquals(new ParameterCount(124_587_264, 147_456), adapted.parameterCount());
        assertEquals("475.26 MiB", adapted.size(DType.FLOAT32));
        ModelShape classifier = gpt2.classifier(2).freeze(false);
        assertEquals(new ParameterCount(124_441_346, 124_441_346), classifier.parameterCount());
        assertEquals(new ParameterCount(124_441_346, 0), classifier.freeze(true).parameterCount());
        assertEquals(2_666_528, classifier.with(Lora.rank(16)).parameterCount().trainable());
    }

    @Test
    void llamaIsThatOfTheWalkthrough() {
        ModelShape llama = Models.shape("llama-2-7b");
        assertEquals(6_738_415_616L, llama.parameterCount().total());
        assertEquals("12.55 GiB", llama.size(DType.BFLOAT16));
        LoraBuilder lora = Lora.rank(8).on("q_proj", "v_proj");
        assertEquals(4_194_304, llama.with(lora).parameterCount().trainable());
        ParameterBytes bytes =
                llama.quantized(Quantization.NF4).with(lora.build()).parameterBytes(DType.BFLOAT16);
        assertEquals(4_194_304 * 4, bytes.trained());
        long vocabulary = 2 * 32_000L * 4096 * 2;
        long norms = 65 * 4096L * 4;
        long projections = 6_738_415_616L - 2 * 32_000L * 4096 - 65 * 4096;
        assertEquals(vocabulary + norms + projections / 2 + projections / 64 * 4 + 32 * 7 * 2048, bytes.frozen());
    }

    @ParameterizedTest
    @ValueSource(strings = {"NF4", "NF4_DOUBLE", "INT8"})
    void aQuantizedOneTakesWhatTheModelTakes(Quantization how) {
        try (PretrainedModel model = TinyModels.randomLlama(1)) {
            ModelShape shape = Models.shape("tiny", model.config()).quantized(how);
            model.quantize(how);
            assertCounts(model, shape, how.toString());
            Lora.rank(2).inject(model);
            assertCounts(model, shape.with(Lora.rank(2)), how + " with an adapter");
        }
    }

    @Test
    void theTableShowsPartsAndAdapters() {
        String text =
                Models.shape("gpt2").with(Lora.rank(4).on("query", "value")).toString();
        assertTrue(text.contains("12 layers with 7,087,872 parameters each"), text);
        assertTrue(text.contains("38,597,376"), text);
        assertTrue(text.contains("LoRA rank 4 on query"), text);
        assertTrue(text.contains("147,456 trainable of 124,587,264 parameters (0.12 %); 475.26 MiB in float32"), text);
        String html = Models.shape("llama-2-7b").quantized(Quantization.NF4).html();
        assertTrue(html.contains("Linear 4,096 → 11,008 in NF4"), html);
    }

    @Test
    void whatDoesNotFitIsRefused() {
        ModelShape shape = Models.shape("gpt2");
        String message = assertThrows(UnknownNameException.class, () -> Models.shape("gpt2-larg"))
                .getMessage();
        assertTrue(message.contains("gpt2-large"), message);
        message = assertThrows(
                        UnknownNameException.class,
                        () -> shape.with(Lora.rank(4).on("q_proj")))
                .getMessage();
        assertTrue(message.contains("query"), message);
        assertThrows(BadArgumentException.class, () -> shape.classifier(1));
        assertThrows(BadArgumentException.class, () -> shape.classifier(List.of("ham", "ham")));
        assertThrows(BadArgumentException.class, () -> shape.with(Lora.rank(4)).with(Lora.rank(4)));
        assertThrows(BadArgumentException.class, () -> shape.with(Lora.rank(4)).classifier(2));
        assertThrows(BadArgumentException.class, () -> shape.quantized(Quantization.NF4)
                .freeze(false));
        assertThrows(UnknownNameException.class, () -> shape.with(Lora.rank(4).modulesToSave("nothing")));
    }
}
