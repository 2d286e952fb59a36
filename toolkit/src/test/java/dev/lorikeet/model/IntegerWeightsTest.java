package dev.lorikeet.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.Quantization;
import dev.lorikeet.tensor.Torch;
import dev.lorikeet.weights.Safetensors;
import dev.lorikeet.weights.TensorFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models and adapters whose files hold integers where weights belong. */
class IntegerWeightsTest {

    @TempDir
    private Path home;

    /** Stores a tensor of a file as another type. */
    private static void cast(Path file, String tensor, DataType type) {
        Map<String, NDArray> tensors = new TreeMap<>();
        try (NDManager manager = Torch.manager()) {
            try (TensorFile read = TensorFile.open(file)) {
                read.names().forEach(name -> tensors.put(name, read.read(name, manager)));
            }
            assertTrue(tensors.containsKey(tensor), () -> tensor + " in " + tensors.keySet());
            tensors.put(tensor, tensors.get(tensor).mul(9).toType(type, true));
            Safetensors.write(file, tensors, Map.of("format", "pt"));
        }
    }

    private static void assertRefused(Path file, String tensor, String type, Executable load) {
        assertEquals(
                "%s: tensor \"%s\" is stored as %s; expected weights in floating point, such as F32, F16 or BF16"
                        .formatted(file, tensor, type),
                assertThrows(BadFileException.class, load).getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "tiny-llama, INT8, I8, model.layers.1.mlp.up_proj.weight",
        "tiny-llama, UINT8, U8, model.embed_tokens.weight",
        "tiny-llama, INT32, I32, lm_head.weight",
        "tiny-llama, INT64, I64, model.norm.weight",
        "tiny-llama, BOOLEAN, BOOL, model.layers.0.self_attn.k_proj.weight",
        "tiny-gpt2, INT8, I8, transformer.h.0.attn.c_attn.bias"
    })
    void aModelIsRefused(String name, DataType type, String stored, String tensor) {
        Path folder = home.resolve("model");
        try (PretrainedModel model = TinyModels.load(name)) {
            model.save(folder);
        }
        Path file = folder.resolve("model.safetensors");
        cast(file, tensor, type);
        assertRefused(file, tensor, stored, () -> Models.load(folder.toString(), DType.FLOAT32));
        assertRefused(file, tensor, stored, () -> Models.load(folder.toString(), DType.BFLOAT16));
        assertRefused(file, tensor, stored, () -> Models.load(folder.toString(), Quantization.INT8, DType.FLOAT32));
    }

    @Test
    void anAdapterIsRefusedAndTheModelIsAsItWas() {
        Path folder = home.resolve("adapter");
        try (PretrainedModel model = TinyModels.load("tiny-llama")) {
            Lora.rank(2).on("q_proj").modulesToSave("norm").inject(model).save(folder);
        }
        Path file = folder.resolve("adapter_model.safetensors");
        for (String tensor : List.of("layers.0.self_attn.q_proj.lora_B.weight", "norm.weight")) {
            String name = "base_model.model.model." + tensor;
            cast(file, name, DataType.INT64);
            try (PretrainedModel model = TinyModels.load("tiny-llama")) {
                assertThrows(BadFileException.class, () -> Lora.load(folder, model));
                assertTrue(model.adapters().list().isEmpty());
            }
            if (tensor.contains("lora")) {
                cast(file, name, DataType.FLOAT32);
            }
        }
        try (PretrainedModel model = TinyModels.load("tiny-llama")) {
            assertRefused(file, "base_model.model.model.norm.weight", "I64", () -> Lora.load(folder, model));
        }
    }
}
