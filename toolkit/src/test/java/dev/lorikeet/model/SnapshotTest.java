package dev.lorikeet.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.model.family.PublishedShapes;
import dev.lorikeet.model.io.ModelSnapshot;
import dev.lorikeet.model.summary.WeightsDigest;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.Quantization;
import dev.lorikeet.tensor.Torch;
import dev.lorikeet.text.Message;
import dev.lorikeet.text.Tokenizer;
import dev.lorikeet.text.Tokenizers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A snapshot is the model to the last bit, in whatever form its weights are stored. */
class SnapshotTest {

    private static final ModelConfig SMALL =
            PublishedShapes.gpt2(64, 2, 2).change().contextLength(64).build();
    private static final int[][] IDS = {{15496, 11, 995, 0}};

    @TempDir
    private Path folder;

    private static PretrainedModel stored;

    /** SmolLM2 with the codes of its file, loaded once. */
    private static PretrainedModel stored() {
        if (stored == null) {
            stored = Models.load("smollm2-135m", Quantization.AS_STORED, DType.FLOAT32);
        }
        return stored;
    }

    @AfterAll
    static void close() {
        if (stored != null) {
            stored.close();
        }
    }

    private static PretrainedModel toy() {
        return Models.random("toy", SMALL, Tokenizers.gpt2(), 7);
    }

    private static float[] logits(PretrainedModel model) {
        try (NDManager manager = Torch.manager()) {
            return model.logits(manager, IDS).toFloatArray();
        }
    }

    private PretrainedModel copy(PretrainedModel model) {
        Path copy = folder.resolve("copy");
        model.snapshot(copy);
        return Models.load(copy.toString(), model.computeDtype());
    }

    private static void assertSame(PretrainedModel model, PretrainedModel copy) {
        assertEquals(WeightsDigest.of(model.transformer()), WeightsDigest.of(copy.transformer()));
        assertArrayEquals(logits(model), logits(copy));
        assertEquals(model.parameterBytes(), copy.parameterBytes());
        assertArrayEquals(
                model.tokenizer().encode("A snapshot"), copy.tokenizer().encode("A snapshot"));
    }

    @ParameterizedTest
    @EnumSource(names = {"NF4", "NF4_DOUBLE", "INT8"})
    void quantizedWeightsKeepTheirBits(Quantization how) {
        try (PretrainedModel model = toy().quantize(how);
                PretrainedModel copy = copy(model)) {
            assertTrue(copy.isQuantized());
            assertSame(model, copy);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT32", "BFLOAT16"})
    void denseWeightsKeepTheirType(DType dtype) {
        try (PretrainedModel model = toy()) {
            model.computeDtype(dtype);
            try (PretrainedModel copy = copy(model)) {
                assertSame(model, copy);
            }
        }
    }

    @Test
    void weightsThatAFileHasQuantizedKeepTheirBits() {
        try (PretrainedModel copy = copy(stored())) {
            assertSame(stored(), copy);
        }
    }

    @Test
    void aTokenizerTravelsWithoutItsModel() throws IOException {
        PretrainedModel model = stored();
        Path alone = folder.resolve("alone");
        model.snapshotTokenizer(alone);
        try (Stream<Path> files = Files.list(alone);
                Tokenizer copy = ModelSnapshot.tokenizer(alone)) {
            assertTrue(files.noneMatch(file -> file.toString().endsWith(".safetensors")));
            List<Message> chat = List.of(Message.user("Which bird?"));
            String text = copy.chat().render(chat, true);
            assertEquals(model.tokenizer().chat().render(chat, true), text);
            assertArrayEquals(model.tokenizer().encode(text, true), copy.encode(text, true));
            assertEquals(model.tokenizer().eos(), copy.eos());
        }
    }

    @Test
    void aClassifierKeepsItsHead() {
        try (Classifier model = toy().classifier("ham", "spam")) {
            Path copied = folder.resolve("copy");
            model.snapshot(copied);
            try (Classifier copy = Models.classifier(copied)) {
                assertEquals(List.of("ham", "spam"), copy.labels());
                assertEquals(WeightsDigest.of(model.transformer()), WeightsDigest.of(copy.transformer()));
            }
        }
    }

    /** What is in the metadata, and what it becomes. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\\\"format\\\":3 | \\\"format\\\":9 | format 9 is not known",
                "\\\"format\\\":3 | \\\"format\\\":1 | its tensors are not as long",
                "\\\"groupSize\\\":64 | \\\"groupSize\\\":32 | its tensors are not as long",
                "\\\"groupSize\\\":64 | \\\"groupSize\\\":00 | its tensors are not as long",
                "\\\"shape\\\":[192,64] | \\\"shape\\\":[64,192] | it is [64, 192]",
                "\\\"FLOAT32\\\" | \\\"FLOATXX\\\" | cannot be read",
                "\\\"types\\\" | \\\"typos\\\" | cannot be read",
                "c_attn.weight.1 | c_attn.weight.7 | it is missing"
            })
    void damagedFactsAreRefused(String before, String after, String problem) throws IOException {
        try (PretrainedModel model = toy().quantize(Quantization.NF4)) {
            Path copied = folder.resolve("copy");
            model.snapshot(copied);
            Path file = copied.resolve("quantized.safetensors");
            String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
            assertTrue(bytes.contains(before), bytes.substring(0, 600));
            Files.writeString(file, bytes.replace(before, after), StandardCharsets.ISO_8859_1);
            BadFileException e = assertThrows(BadFileException.class, () -> Models.load(copied));
            assertTrue(e.getMessage().contains(problem), e.getMessage());
        }
    }

    @Test
    void theDigestSeesEveryScale() throws IOException {
        try (PretrainedModel model = toy().quantize(Quantization.NF4);
                PretrainedModel copy = copy(model)) {
            Path file = folder.resolve("copy/quantized.safetensors");
            byte[] bytes = Files.readAllBytes(file);
            // Wide types come first: these are the absmax of some block.
            int header =
                    (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
            bytes[8 + header + 4] ^= 1;
            Files.write(file, bytes);
            try (PretrainedModel changed = Models.load(folder.resolve("copy").toString(), DType.FLOAT32)) {
                assertNotEquals(WeightsDigest.of(copy.transformer()), WeightsDigest.of(changed.transformer()));
            }
        }
    }
}
