package dev.lorikeet.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.TestData;
import dev.lorikeet.tensor.TensorMemory;
import dev.lorikeet.tensor.Torch;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The default model, against what gguf 0.19.0 reads: {@code gguf.quants.dequantize} and {@code zlib.crc32} of it. */
class GgufSmolLm2Test {

    private final TensorFile file = Gguf.open(TestData.smollm2());
    private NDManager manager;

    @BeforeEach
    void open() {
        manager = Torch.manager();
    }

    @AfterEach
    void close() {
        manager.close();
        file.close();
    }

    @Test
    void hasTheMetadataAndTheTensors() {
        assertEquals(272, file.names().size());
        assertEquals("llama", file.metadata().get("general.architecture"));
        assertEquals(30L, file.metadata().get("llama.block_count"));
        assertEquals(100000f, file.metadata().get("llama.rope.freq_base"));
        assertEquals(false, file.metadata().get("tokenizer.ggml.add_bos_token"));
        assertEquals(49152, ((List<?>) file.metadata().get("tokenizer.ggml.tokens")).size());
        assertEquals(49152, ((int[]) file.metadata().get("tokenizer.ggml.token_type")).length);
        assertEquals("ect able", ((List<?>) file.metadata().get("tokenizer.ggml.merges")).get(48899));
        assertEquals(new Shape(576, 1536), file.entry("blk.29.ffn_down.weight").shape());
    }

    @Test
    void itsFirstQueriesAreThoseOfPython() {
        NDArray weight = file.read("blk.0.attn_q.weight", manager);

        assertArrayEquals(
                new float[] {-0.09631348f, 0.15734863f, -0.09631348f},
                Arrays.copyOf(weight.get(0).toFloatArray(), 3));
    }

    @Test
    void everyWeightIsThatOfPythonBitForBit() {
        CRC32 sum = new CRC32();
        long weights = 0;
        for (String name : file.names()) {
            try (NDArray array = file.read(name, manager)) {
                for (ByteBuffer piece : TensorMemory.bytes(array)) {
                    sum.update(piece);
                }
                weights += array.size();
            }
        }
        assertEquals(134_515_008, weights);
        assertEquals(0x79a02f71L, sum.getValue());
    }
}
