package dev.lorikeet.lora;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lorikeet.TestData;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The settings in adapter_config.json, both ways. */
class AdapterConfigTest {

    /** All that PEFT 0.21 writes, with its defaults but for r and target_modules. */
    private static final String DEFAULTS =
            """
            {"alora_invocation_tokens": null, "alpha_pattern": {}, "arrow_config": null, "auto_mapping": null,
             "base_model_name_or_path": "base", "bias": "none", "corda_config": null, "ensure_weight_tying": false,
             "eva_config": null, "exclude_modules": null, "fan_in_fan_out": true, "inference_mode": true,
             "init_lora_weights": true, "kasa_config": null, "layer_replication": null, "layers_pattern": null,
             "layers_to_transform": null, "loftq_config": {}, "lora_alpha": 16, "lora_bias": false,
             "lora_dropout": 0.0, "lora_ga_config": null, "megatron_config": null, "megatron_core": "megatron.core",
             "modules_to_save": null, "monteclora_config": null, "peft_type": "LORA", "peft_version": "0.21.2",
             "qalora_group_size": 16, "r": 8, "rank_pattern": {}, "revision": null, "target_modules": ["c_attn"],
             "target_parameters": null, "task_type": "CAUSAL_LM", "trainable_token_indices": null,
             "use_bdlora": null, "use_dora": false, "use_qalora": false, "use_rslora": false, "velora_config": null}
            """;

    @TempDir
    private Path folder;

    /** PEFT's defaults with other values for some settings, as JSON. */
    private AdapterConfig read(String changes) {
        JsonObject json = JsonParser.parseString(DEFAULTS).getAsJsonObject();
        JsonParser.parseString("{" + changes + "}")
                .getAsJsonObject()
                .entrySet()
                .forEach(entry -> json.add(entry.getKey(), entry.getValue()));
        try {
            Files.writeString(folder.resolve("adapter_config.json"), json.toString());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return AdapterConfig.read(folder);
    }

    private String refused(String changes) {
        return assertThrows(BadFileException.class, () -> read(changes)).getMessage();
    }

    @Test
    void thePlainOneOfPeft() {
        AdapterConfig config = read("");
        assertEquals(Lora.rank(8).alpha(16).build(), config.lora());
        assertEquals("CAUSAL_LM", config.taskType());
        assertEquals("base", config.baseModel());
        assertTrue(config.fanInFanOut());
        assertTrue(config.targetModules().contains("transformer.h.0.attn.c_attn"));
        assertFalse(config.targetModules().contains("transformer.h.0.mlp.c_fc"));
    }

    @Test
    void everySettingThatIsSupported() {
        LoraConfig lora =
                read("""
                        "lora_dropout": 0.1, "bias": "lora_only", "use_rslora": true, "init_lora_weights": "gaussian",
                        "modules_to_save": ["lm_head", "wte"], "layers_to_transform": [0, 2], "layers_pattern": ["h"],
                        "rank_pattern": {"c_fc": 4, "^transformer.h.0.attn.c_attn": 2}, "alpha_pattern": {"c_fc": 2.5}
                        """)
                        .lora();
        assertEquals(
                Lora.rank(8)
                        .alpha(16)
                        .rsLora()
                        .dropout(0.1)
                        .bias(Bias.LORA_ONLY)
                        .init(Init.GAUSSIAN)
                        .modulesToSave("lm_head", "wte")
                        .layersToTransform(0, 2)
                        .layersPattern("h")
                        .rankPattern("c_fc", 4)
                        .rankPattern("^transformer.h.0.attn.c_attn", 2)
                        .alphaPattern("c_fc", 2.5)
                        .build(),
                lora);
        assertEquals(
                List.of("c_fc", "^transformer.h.0.attn.c_attn"),
                new ArrayList<>(lora.rankPattern().keySet()));
        assertEquals(2, lora.rankOf("transformer.h.0.attn.c_attn"));
        assertEquals(8, lora.rankOf("transformer.h.1.attn.c_attn"));
        assertEquals(2.5 / 2, lora.scaleOf("transformer.h.1.mlp.c_fc", 4));
        assertEquals(16 / Math.sqrt(8), lora.scaleOf("transformer.h.1.attn.c_attn", 8));
    }

    @Test
    void otherWordsForTheSame() {
        assertEquals(List.of(1), read("\"layers_to_transform\": 1").lora().layersToTransform());
        assertEquals(
                List.of("h"),
                read("\"layers_to_transform\": 1, \"layers_pattern\": \"h\"")
                        .lora()
                        .layersPattern());
        assertEquals(Init.RANDOM_B, read("\"init_lora_weights\": false").lora().init());
        assertEquals(Bias.ALL, read("\"bias\": \"all\"").lora().bias());
        assertNull(read("\"task_type\": null").taskType());
        AdapterConfig expression =
                read("\"target_modules\": \".*\\\\.[01]\\\\.attn.c_attn\", \"exclude_modules\": [\"1.attn.c_attn\"]");
        assertTrue(expression.targetModules().contains("transformer.h.1.attn.c_attn"));
        assertTrue(expression.excludeModules().contains("transformer.h.1.attn.c_attn"));
        assertFalse(expression.targetModules().contains("transformer.h.2.attn.c_attn"));
        assertFalse(expression.excludeModules().contains("transformer.h.0.attn.c_attn"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "use_dora | true",
                "lora_bias | true",
                "use_qalora | true",
                "ensure_weight_tying | true",
                "layer_replication | [[0,1]]",
                "trainable_token_indices | [1,2]",
                "target_parameters | [\"experts.w\"]",
                "alora_invocation_tokens | [5]",
                "megatron_config | {\"x\":1}",
                "loftq_config | {\"loftq_bits\":4}",
                "eva_config | {\"rho\":2.0}",
                "corda_config | {\"verbose\":true}",
                "arrow_config | {\"top_k\":1}",
                "use_bdlora | {\"nblocks\":2}",
                "velora_config | {\"scale\":1.0}",
                "kasa_config | {\"beta\":0.1}",
                "init_lora_weights | \"pissa\"",
                "init_lora_weights | \"pissa_niter_16\"",
                "init_lora_weights | \"olora\"",
                "init_lora_weights | \"eva\"",
                "init_lora_weights | \"corda\"",
                "init_lora_weights | \"loftq\"",
                "bias | \"vera_only\"",
                "task_type | \"SEQ_2_SEQ_LM\"",
                "peft_type | \"LOHA\"",
                "use_something_new | true",
                "something_new | 7",
            })
    void whatIsNotSupportedIsRefusedByNameAndValue(String key, String value) {
        String message = refused("\"%s\": %s".formatted(key, value));
        assertTrue(message.contains("%s is %s, which is not supported; supported: ".formatted(key, value)), message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"something_new\": null",
                "\"something_new\": false",
                "\"something_new\": {}",
                "\"peft_version\": \"9.0\"",
                "\"qalora_group_size\": 32",
                "\"runtime_config\": {\"ephemeral_gpu_offload\": false}",
            })
    void whatChangesNothingIsTaken(String change) {
        assertEquals(8, read(change).lora().rank());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"r\": 0 | rank is 0; expected at least 1",
                "\"r\": null | has no rank",
                "\"lora_dropout\": 1.0 | dropout is 1.0",
                "\"rank_pattern\": {\"c_fc\": 0} | rank of c_fc is 0",
                "\"rank_pattern\": {\"(\": 4} | rank pattern is \"(\"; expected a regular expression",
                "\"rank_pattern\": 4 | not a readable adapter configuration",
                "\"modules_to_save\": {} | not a readable adapter configuration",
            })
    void valuesThatMeanNothing(String change, String part) {
        String message = refused(change);
        assertTrue(message.contains(part), message);
    }

    @Test
    void writtenAsPeftWouldHaveIt() {
        JsonObject json = written(
                "tiny-gpt2",
                Lora.rank(4)
                        .alpha(8)
                        .rsLora()
                        .dropout(0.1)
                        .on("c_fc", "c_attn")
                        .bias(Bias.ALL)
                        .modulesToSave("lm_head", "wte")
                        .layersToTransform(1)
                        .layersPattern("h")
                        .rankPattern("mlp.c_fc", 2)
                        .alphaPattern("mlp.c_fc", 2.5)
                        .init(Init.GAUSSIAN));
        assertEquals(
                JsonParser.parseString(
                        """
                        {"peft_type": "LORA", "task_type": "CAUSAL_LM", "r": 4, "lora_alpha": 8, "lora_dropout": 0.1,
                         "bias": "all", "fan_in_fan_out": true, "use_rslora": true, "use_dora": false,
                         "init_lora_weights": "gaussian", "inference_mode": true, "target_modules": ["c_attn", "c_fc"],
                         "modules_to_save": ["lm_head", "wte"], "layers_to_transform": [1], "layers_pattern": ["h"],
                         "rank_pattern": {"mlp.c_fc": 2}, "alpha_pattern": {"mlp.c_fc": 2.5}}
                        """),
                json);
    }

    @Test
    void thePlainOneHasNothingThatOldVersionsDoNotKnow() {
        JsonObject json = written("tiny-llama", Lora.rank(8).alpha(16).on("q_proj", "v_proj"));
        assertEquals(
                JsonParser.parseString(
                        """
                        {"peft_type": "LORA", "task_type": "CAUSAL_LM", "r": 8, "lora_alpha": 16, "lora_dropout": 0.0,
                         "bias": "none", "fan_in_fan_out": false, "use_rslora": false, "use_dora": false,
                         "init_lora_weights": true, "inference_mode": true, "target_modules": ["q_proj", "v_proj"],
                         "rank_pattern": {}, "alpha_pattern": {}}
                        """),
                json);
    }

    /** A rank by which alpha does not come back exactly from the scale. */
    @Test
    void alphaIsWrittenAsItWasGiven() {
        JsonObject json = written("tiny-llama", Lora.rank(49).alpha(1).on("q_proj"));
        assertEquals("1", json.get("lora_alpha").toString());
        assertEquals("{}", json.get("alpha_pattern").toString());
    }

    /** As PEFT knows but one divisor for all modules. */
    @Test
    void aPlainAlphaOnSeveralRanksIsWrittenAsAlphas() {
        JsonObject json = written(
                "tiny-llama", Lora.rank(4).plainAlpha(2).on("q_proj", "up_proj").rankPattern("up_proj", 3));
        assertEquals("8", json.get("lora_alpha").toString());
        assertEquals("{\"up_proj\":6}", json.get("alpha_pattern").toString());
        assertEquals("{\"up_proj\":3}", json.get("rank_pattern").toString());
    }

    /** Two stacked slices have twice the rank, so that alpha must grow by its root. */
    @Test
    void slicesKeepTheirScaleUnderRsLora() {
        JsonObject json = written("tiny-gpt2", Lora.rank(2).alpha(3).rsLora().on("query", "value"));
        assertEquals("{\"c_attn\":4}", json.get("rank_pattern").toString());
        assertEquals(
                3 * Math.sqrt(2),
                json.getAsJsonObject("alpha_pattern").get("c_attn").getAsDouble(),
                1e-9);
    }

    @Test
    void aNameIsOfTheLayersAskedFor() {
        JsonObject json =
                written("tiny-gpt2", Lora.rank(2).on("mlp.c_proj", "c_fc").layersToTransform(0));
        assertEquals(
                "[\"c_fc\",\"transformer.h.0.mlp.c_proj\"]",
                json.get("target_modules").toString());
        assertEquals("[0]", json.get("layers_to_transform").toString());
    }

    private JsonObject written(String model, LoraBuilder builder) {
        try (PretrainedModel loaded = TinyModels.load(model)) {
            builder.inject(loaded).save(folder);
            JsonObject json = TestData.json(folder.resolve("adapter_config.json"));
            assertEquals(loaded.name(), json.remove("base_model_name_or_path").getAsString());
            loaded.adapters().remove("default");
            LoraConfig again = Lora.load(folder, loaded, "default").config();
            LoraConfig config = builder.build();
            // Slices and plain alphas are not PEFT's, so they come back as what means the same to it.
            boolean asPeft = config.scaling() != LoraScaling.NONE
                    && !config.targetModules().toString().contains("query");
            if (asPeft) {
                assertEquals(builder.on(again.targetModules()).build(), again);
            }
            return json;
        }
    }
}
