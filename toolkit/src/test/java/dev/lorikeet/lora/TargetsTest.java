package dev.lorikeet.lora;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.TinyModels;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TargetsTest {

    private static PretrainedModel gpt2;
    private static PretrainedModel llama;

    @BeforeAll
    static void load() {
        gpt2 = TinyModels.load("tiny-gpt2");
        llama = TinyModels.load("tiny-llama");
    }

    @AfterAll
    static void close() {
        gpt2.close();
        llama.close();
    }

    /** Such as "h.0.attn.c_attn" for a whole projection and "h.0.attn.c_attn/query" for a slice. */
    private static List<String> in(Targets targets, LanguageModel model) {
        return targets.in(LinearLayers.of(model)).stream()
                .map(target -> target.projection().path().replaceFirst("^(transformer|model)\\.", "")
                        + (target.rows() < target.projection().out() ? "/" + target.name() : ""))
                .toList();
    }

    @Test
    void allLinearTakesQueryKeyAndValueApart() {
        assertEquals(
                List.of(
                        "h.0.attn.c_attn/query",
                        "h.0.attn.c_attn/key",
                        "h.0.attn.c_attn/value",
                        "h.0.attn.c_proj",
                        "h.0.mlp.c_fc",
                        "h.0.mlp.c_proj"),
                in(Targets.ALL_LINEAR, gpt2).subList(0, 6));
        assertEquals(12, in(Targets.ALL_LINEAR, gpt2).size());
        assertEquals(2 * 4, in(Targets.ALL_LINEAR_FUSED, gpt2).size());
    }

    @Test
    void allLinearTakesAClassifiersHeadAndAnUntiedOne() {
        try (Classifier classifier = TinyModels.load("tiny-gpt2").classifier("a", "b")) {
            List<String> found = in(Targets.ALL_LINEAR, classifier);
            assertEquals("score", found.get(found.size() - 1));
            assertEquals(13, found.size());
            assertEquals(8, in(Targets.ALL_LINEAR_FUSED, classifier).size());
        }
        assertEquals(2 * 7, in(Targets.ALL_LINEAR_FUSED, llama).size());
    }

    @Test
    void theDefaultIsThatOfPeftForTheFamily() {
        assertEquals(List.of("h.0.attn.c_attn", "h.1.attn.c_attn"), in(Targets.PEFT_DEFAULT, gpt2));
        assertEquals(
                List.of(
                        "layers.0.self_attn.q_proj",
                        "layers.0.self_attn.v_proj",
                        "layers.1.self_attn.q_proj",
                        "layers.1.self_attn.v_proj"),
                in(Targets.PEFT_DEFAULT, llama));
        try (PretrainedModel phi3 = TinyModels.load("tiny-phi3")) {
            assertTrue(in(Targets.PEFT_DEFAULT, phi3).get(0).endsWith("qkv_proj"));
        }
    }

    @Test
    void namesAreEndsOfPathsAndSlices() {
        assertEquals(
                List.of("h.0.attn.c_proj", "h.0.mlp.c_proj", "h.1.attn.c_proj", "h.1.mlp.c_proj"),
                in(Targets.named(List.of("c_proj")), gpt2));
        assertEquals(List.of("h.0.mlp.c_proj", "h.1.mlp.c_proj"), in(Targets.named(List.of("mlp.c_proj")), gpt2));
        assertEquals(List.of("h.1.mlp.c_fc"), in(Targets.named(List.of("transformer.h.1.mlp.c_fc")), gpt2));
        assertEquals(
                List.of("h.0.attn.c_attn/value", "h.0.mlp.c_fc", "h.1.attn.c_attn/value", "h.1.mlp.c_fc"),
                in(Targets.named(List.of("c_fc", "value")), gpt2));
        assertEquals(4, in(Targets.named(List.of("q_proj", "v_proj")), llama).size());
    }

    @Test
    void aNameTwiceIsOneTarget() {
        assertEquals(2, in(Targets.named(List.of("c_fc", "mlp.c_fc")), gpt2).size());
    }

    @Test
    void anExpressionIsOfTheWholePath() {
        assertEquals(
                List.of("layers.1.self_attn.q_proj", "layers.1.self_attn.v_proj"),
                in(Targets.matching(".*\\.1\\.self_attn\\.[qv]_proj"), llama));
    }

    @Test
    void aWrongNameProposesTheNearestAndListsAll() {
        String message = assertThrows(
                        UnknownNameException.class,
                        () -> Lora.rank(1).on("q_prj").inject(llama))
                .getMessage();
        assertTrue(message.contains("target module \"q_prj\". Did you mean \"q_proj\"?"), message);
        assertTrue(message.contains("down_proj, gate_proj, k_proj, lm_head, o_proj, q_proj, up_proj, v_proj"), message);
        message = assertThrows(
                        UnknownNameException.class,
                        () -> Lora.rank(1).on("c_fc", "qerry").inject(gpt2))
                .getMessage();
        assertTrue(message.contains("Did you mean \"query\"?"), message);
    }

    @Test
    void anExpressionThatMatchesNothingListsThePaths() {
        String message = assertThrows(
                        UnknownNameException.class,
                        () -> Lora.rank(1).on(Targets.matching("q_proj")).inject(llama))
                .getMessage();
        assertTrue(message.contains("model.layers.0.self_attn.q_proj"), message);
    }

    @Test
    void refusesNoNamesAndBrokenExpressions() {
        assertThrows(BadArgumentException.class, () -> Targets.named(List.of()));
        String message = assertThrows(BadArgumentException.class, () -> Targets.matching("("))
                .getMessage();
        assertTrue(message.contains("regular expression"), message);
    }

    @Test
    void aWrongTargetLeavesTheModelAsItWas() {
        llama.freeze(false);
        String tree = llama.tree().toString();
        assertThrows(UnknownNameException.class, () -> Lora.rank(1).on("q_prj").inject(llama));
        assertEquals(tree, llama.tree().toString());
        llama.freeze(true);
    }
}
