package dev.lorikeet.model;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.model.io.ModelBuilder;
import dev.lorikeet.model.io.WeightSource;
import dev.lorikeet.model.spec.TensorSpec;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.text.Tokenizer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Reads a Llama in llama2.c's first format: seven integers, then float32 weights, all layers of one kind together. Rows of
 * q and k stand in Meta's order, in which the two numbers that rotary positions turn together are neighbours.
 */
final class StoriesModel {

    private StoriesModel() {}

    static PretrainedModel load(Path weights, Path vocabulary) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(weights)).order(ByteOrder.LITTLE_ENDIAN);
        int[] header = IntStream.range(0, 7).map(i -> bytes.getInt()).toArray();
        ModelConfig config =
                TinyModels.llama(header[5], header[0], header[2], header[3], header[4], header[1], header[6]);
        Tokenizer tokenizer = Pieces.read(vocabulary, config.vocabSize());
        try (WeightSource source = new Weights(read(bytes, config))) {
            return new PretrainedModel(
                    ModelBuilder.build("stories260K", source, config, tokenizer, Device.cpu(), DType.FLOAT32, null));
        }
    }

    private static Map<String, float[][]> read(ByteBuffer bytes, ModelConfig config) {
        int width = config.hiddenSize();
        int keys = config.keyValueHeads() * config.headDim();
        Map<String, float[][]> weights = new HashMap<>();
        weights.put("model.embed_tokens.weight", matrix(bytes, config.vocabSize(), width));
        layers(bytes, weights, config, "input_layernorm", 1, width);
        layers(bytes, weights, config, "self_attn.q_proj", width, width);
        layers(bytes, weights, config, "self_attn.k_proj", keys, width);
        layers(bytes, weights, config, "self_attn.v_proj", keys, width);
        layers(bytes, weights, config, "self_attn.o_proj", width, width);
        layers(bytes, weights, config, "post_attention_layernorm", 1, width);
        layers(bytes, weights, config, "mlp.gate_proj", config.intermediateSize(), width);
        layers(bytes, weights, config, "mlp.down_proj", width, config.intermediateSize());
        layers(bytes, weights, config, "mlp.up_proj", config.intermediateSize(), width);
        weights.put("model.norm.weight", matrix(bytes, 1, width));
        return weights;
    }

    private static void layers(
            ByteBuffer bytes, Map<String, float[][]> weights, ModelConfig config, String name, int rows, int columns) {
        boolean rotated = name.endsWith("q_proj") || name.endsWith("k_proj");
        for (int layer = 0; layer < config.layers(); layer++) {
            float[][] matrix = matrix(bytes, rows, columns);
            weights.put(
                    "model.layers.%d.%s.weight".formatted(layer, name),
                    rotated ? halves(matrix, config.headDim()) : matrix);
        }
    }

    private static float[][] matrix(ByteBuffer bytes, int rows, int columns) {
        float[][] matrix = new float[rows][columns];
        for (float[] row : matrix) {
            bytes.asFloatBuffer().get(row);
            bytes.position(bytes.position() + columns * Float.BYTES);
        }
        return matrix;
    }

    /** In each head, first all first numbers of the pairs, then all second ones. */
    private static float[][] halves(float[][] rows, int headWidth) {
        float[][] turned = new float[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            int head = i / headWidth * headWidth;
            int at = i % headWidth;
            turned[head + at % 2 * headWidth / 2 + at / 2] = rows[i];
        }
        return turned;
    }

    private record Weights(Map<String, float[][]> matrices) implements WeightSource {

        @Override
        public boolean has(TensorSpec tensor) {
            return matrices.containsKey(tensor.huggingFace());
        }

        @Override
        public NDArray take(TensorSpec tensor, NDManager manager) {
            NDArray array = manager.create(matrices.get(tensor.huggingFace()));
            return tensor.part().isNorm() ? array.reshape(new Shape(array.size())) : array;
        }

        @Override
        public Path path() {
            return Path.of("stories260K.bin");
        }

        @Override
        public int size() {
            return matrices.size();
        }

        @Override
        public void close() {}
    }

    /** The vocabulary of tok512.bin, which is enough to decode. */
    private record Pieces(List<String> pieces) implements Tokenizer {

        static Tokenizer read(Path file, int count) throws IOException {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
            bytes.getInt();
            return new Pieces(
                    IntStream.range(0, count).mapToObj(i -> piece(bytes)).toList());
        }

        private static String piece(ByteBuffer bytes) {
            bytes.getFloat();
            byte[] text = new byte[bytes.getInt()];
            bytes.get(text);
            String piece = new String(text, StandardCharsets.UTF_8);
            return piece.matches("<0x..>") ? String.valueOf((char) Integer.parseInt(piece.substring(3, 5), 16)) : piece;
        }

        @Override
        public String decode(int... ids) {
            StringBuilder text = new StringBuilder();
            for (int id : ids) {
                text.append(pieces.get(id));
            }
            return text.toString();
        }

        @Override
        public String kind() {
            return "pieces";
        }

        @Override
        public int[] encode(String text) {
            throw new AssertionError("its tests give ids, not text: " + text);
        }

        @Override
        public int vocabularySize() {
            return pieces.size();
        }

        @Override
        public OptionalInt id(String token) {
            int id = pieces.indexOf(token);
            return id < 0 ? OptionalInt.empty() : OptionalInt.of(id);
        }

        @Override
        public String token(int id) {
            return pieces.get(id);
        }

        @Override
        public OptionalInt bos() {
            return OptionalInt.of(1);
        }

        @Override
        public OptionalInt eos() {
            return OptionalInt.empty();
        }

        @Override
        public OptionalInt pad() {
            return OptionalInt.empty();
        }

        @Override
        public void close() {}
    }
}
