package dev.lorikeet.lora;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.lora.names.PeftNames;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PeftNamesTest {

    private static final String QUERY = "model.layers.11.self_attn.q_proj";

    @Test
    void aNameIsThePathOrItsEndAtADot() {
        assertTrue(PeftNames.isNamed(QUERY, "q_proj"));
        assertTrue(PeftNames.isNamed(QUERY, "self_attn.q_proj"));
        assertTrue(PeftNames.isNamed("lm_head", "lm_head"));
        assertFalse(PeftNames.isNamed(QUERY, "proj"));
        assertFalse(PeftNames.isNamed(QUERY, "self_attn"));
    }

    @Test
    void theFirstPatternThatMatchesTheEndCounts() {
        Map<String, Integer> patterns = new LinkedHashMap<>();
        patterns.put("^layers.*", 1);
        patterns.put("proj", 2);
        patterns.put("^model\\.layers\\.[02]\\..*", 3);
        patterns.put("layers\\.11\\..*", 4);
        patterns.put("q_proj", 5);
        assertEquals(4, PeftNames.valueOf(QUERY, patterns, 0));
        assertEquals(5, PeftNames.valueOf("model.layers.1.self_attn.q_proj", patterns, 0));
        assertEquals(3, PeftNames.valueOf("model.layers.2.self_attn.q_proj", patterns, 0));
        assertEquals(0, PeftNames.valueOf("model.layers.1.self_attn.k_proj", patterns, 0));
        assertEquals(2, PeftNames.valueOf("proj", patterns, 0));
    }

    @Test
    void theLayerIsTheFirstNumberBetweenNames() {
        assertTrue(PeftNames.isInLayers(QUERY, List.of(), List.of()));
        assertTrue(PeftNames.isInLayers(QUERY, List.of(3, 11), List.of()));
        assertFalse(PeftNames.isInLayers(QUERY, List.of(1), List.of()));
        assertFalse(PeftNames.isInLayers("lm_head", List.of(0), List.of()));
        String expert = "model.layers.1.experts.0.up_proj";
        assertTrue(PeftNames.isInLayers(expert, List.of(1), List.of()));
        assertFalse(PeftNames.isInLayers(expert, List.of(0), List.of()));
        assertTrue(PeftNames.isInLayers(expert, List.of(0), List.of("blocks", "experts")));
        assertFalse(PeftNames.isInLayers(expert, List.of(0), List.of("perts")));
        assertTrue(PeftNames.isInLayers("h.3.mlp.c_fc", List.of(3), List.of("h")));
    }

    @Test
    void aModuleIsSavedByTheEndOfAnyPathAroundIt() {
        assertTrue(PeftNames.isSaved("model.layers.0.mlp.up_proj", List.of("mlp")));
        assertTrue(PeftNames.isSaved("model.layers.0.mlp.up_proj", List.of("layers.0.mlp")));
        assertFalse(PeftNames.isSaved("model.layers.1.mlp.up_proj", List.of("layers.0.mlp")));
        assertTrue(PeftNames.isSaved("model.layers.0.input_layernorm", List.of("norm")), "PEFT asks for no dot");
        assertFalse(PeftNames.isExcludedFromLora("model.layers.0.input_layernorm", List.of("norm")));
        assertTrue(PeftNames.isExcludedFromLora("model.layers.0.mlp.up_proj", List.of("mlp")));
    }
}
