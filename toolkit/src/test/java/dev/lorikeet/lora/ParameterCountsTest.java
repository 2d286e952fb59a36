package dev.lorikeet.lora;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.Models;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.summary.ModelSummary;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** GPT-2 small as the walkthroughs count it. One model for all, as it is large: the head is replaced last. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ParameterCountsTest {

    private static PretrainedModel model;

    @BeforeAll
    static void load() {
        model = Models.random("gpt2", 1);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    @Order(1)
    void theSummaryCountsATiedHeadOnce() {
        ModelSummary summary = model.summary();
        assertEquals(124_439_808, summary.parameters().total());
        assertEquals(0, summary.parameters().trainable());
        assertEquals(
                124_439_808,
                summary.rows().stream().mapToLong(ModelSummary.Row::parameters).sum());
        ModelSummary.Row head = summary.rows().get(summary.rows().size() - 1);
        assertEquals("tied to tokens", head.trainable());
        assertEquals(0, head.parameters());
        String text = summary.toString();
        assertTrue(text.contains("474.7 MiB"), text);
        assertTrue(text.contains("124,439,808"), text);
        assertTrue(text.contains("vocabulary 50,257"), text);
    }

    /** What the walkthrough of Keras shows before and after it puts its layers in. */
    @Test
    @Order(2)
    void queryAndValueOfRankFourAreThoseOfTheWalkthrough() {
        model.freeze(false);
        assertTrue(
                model.summary().toString().contains("124,439,808 parameters (100.00 %); 474.7 MiB, of which 474.7 MiB"),
                model.summary().toString());
        LoraAdapter adapter = Lora.rank(4).alpha(32).on("query", "value").inject(model);
        ModelSummary summary = model.summary();
        assertEquals(124_587_264, summary.parameters().total());
        assertEquals(147_456, summary.parameters().trainable());
        assertEquals(8, adapter.config().scale());
        String text = summary.toString();
        assertTrue(text.contains("475.3 MiB, of which 576.0 KiB trainable; compute dtype float32"), text);
        assertEquals(2 * 12 * 6_144, adapter.trainableParameters().trainable(), "6,144 for each query and each value");
        String tree = summary.html();
        assertTrue(tree.contains("transformer.h.*</span>") && tree.contains("124,587,264"), tree);
        assertTrue(tree.contains(">◐<") && tree.contains(">●<") && tree.contains(">○<"), tree);
        assertEquals(
                summary.rows().size(),
                tree.split("(?=>(Table|Layer|LoRA|Projection)[^<]*</span>)", -1).length - 1,
                "each block stands in it once");
        adapter.remove();
        assertFalse(model.summary().html().contains(">◐<"));
    }

    @Test
    @Order(3)
    void theTreeShowsTheAdapter() {
        String before = model.tree().toString();
        assertTrue(before.contains("layers 0–11: Layer (12 of them)"), before);
        assertTrue(before.contains("attn.c_attn: Projection(768 → 2304, bias, frozen)"), before);
        assertTrue(before.contains("head (tied to tokens): Projection(768 → 50257, frozen)"), before);
        assertFalse(before.contains("LoRA"), before);
        LoraAdapter adapter = Lora.rank(16).alpha(32).inject(model);
        String after = model.tree().toString();
        assertTrue(after.contains("+ default on query: LoRA(rank 16, scale 2.000)"), after);
        assertTrue(after.contains("+ default: LoRA(rank 16, scale 2.000)"), after);
        assertTrue(after.startsWith(before.substring(0, before.indexOf("attn.c_attn"))), after);
        adapter.remove();
        assertEquals(before, model.tree().toString());
    }

    @Test
    @Order(4)
    void fusedTargetsAreThoseOfPeft() {
        LoraAdapter adapter = Lora.rank(16).on(Targets.ALL_LINEAR_FUSED).inject(model);
        assertEquals(2_359_296, adapter.trainableParameters().trainable());
        assertEquals(2_359_296, model.parameterCount().trainable());
        assertEquals(124_439_808 + 2_359_296, model.parameterCount().total());
        adapter.remove();
        assertEquals(124_439_808, model.parameterCount().total());
    }

    @Test
    @Order(5)
    void aClassifierCountsAsTheWalkthroughDoes() {
        Classifier classifier = model.classifier("ham", "spam");
        assertEquals(124_441_346, classifier.parameterCount().total());
        classifier.freeze(false);
        assertEquals(124_441_346, classifier.parameterCount().trainable());
        classifier.freeze(true);
        assertEquals(0, classifier.parameterCount().trainable());
        LoraAdapter adapter = Lora.rank(16).alpha(16).inject(classifier);
        assertEquals(2_666_528, adapter.trainableParameters().trainable());
        assertEquals(2_666_528, classifier.parameterCount().trainable());
        assertEquals(2_666_528, classifier.summary().parameters().trainable());
        adapter.remove();
        adapter = Lora.rank(16).on(Targets.ALL_LINEAR_FUSED).inject(classifier);
        assertEquals(2_359_296, adapter.trainableParameters().trainable());
    }
}
