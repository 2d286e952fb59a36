package dev.lorikeet.notebooks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.lorikeet.TestData;
import dev.lorikeet.data.Datasets;
import dev.lorikeet.data.ParquetFiles;
import dev.lorikeet.hub.TestHub;
import dev.lorikeet.model.Models;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.TinyModels;
import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.Ops;
import dev.lorikeet.text.Tokenizers;
import dev.lorikeet.weights.Safetensors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tech.tablesaw.api.Table;

/**
 * A hub with what the full profiles ask for: GPT-2 small and a very small Llama 2, both filled at random, and Reddit TIFU, of
 * this project's own posts.
 */
final class StandInHub implements AutoCloseable {

    private static final String GPT2 = "openai-community/gpt2";
    private static final String CONFIG =
            """
            {"model_type": "gpt2", "activation_function": "gelu_new", "n_embd": 768, "n_head": 12, "n_layer": 12,
             "n_positions": 1024, "n_ctx": 1024, "vocab_size": 50257, "layer_norm_epsilon": 1e-05}
            """;

    private static final String LLAMA2 = "NousResearch/Llama-2-7b-chat-hf";
    private static final ModelConfig LLAMA2_SMALL = TinyModels.llama(32_000, 64, 2, 4, 4, 128, 2048)
            .change()
            .tiedEmbeddings(false)
            .build();
    private static final String LLAMA2_TOKENIZER =
            """
            {"tokenizer_class": "LlamaTokenizer", "add_bos_token": true, "add_eos_token": false,
             "bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>",
             "chat_template": "{% for m in messages %}{% if m['role'] == 'user' %}{{ bos_token + '[INST] ' + m['content'] + ' [/INST]' }}{% else %}{{ ' ' + m['content'] + ' ' + eos_token }}{% endif %}{% endfor %}"}
            """;
    private static final long SHARD = 2_000_000;

    private final Path folder;
    private final TestHub hub;

    private StandInHub(Path folder, TestHub hub) {
        this.folder = folder;
        this.hub = hub;
    }

    /** A test without the reference data, where GPT-2's tokenizer.json is, is skipped. */
    static StandInHub start() throws IOException {
        Path tokenizer = TestData.data("tokenizers/gpt2-tokenizer.json");
        Path folder = Files.createTempDirectory("lorikeet-hub-");
        TestHub hub = TestHub.start();
        hub.add(GPT2, "config.json", CONFIG.getBytes(StandardCharsets.UTF_8));
        hub.add(GPT2, "tokenizer.json", tokenizer);
        hub.add(GPT2, "model.safetensors", weights(folder.resolve("model.safetensors")));
        addLlama2(hub, folder.resolve("llama"));
        hub.add("datasets/ctr4si/reddit_tifu", "short/train/0000.parquet", posts(folder.resolve("posts.parquet")));
        return new StandInHub(folder, hub);
    }

    String endpoint() {
        return hub.endpoint();
    }

    /** An empty folder for the cache. */
    Path home() {
        return folder.resolve("home");
    }

    /** Under the names of the hub's own file, which has no "transformer." before them and projections as (in, out). */
    private static Path weights(Path file) {
        try (PretrainedModel model = Models.random("gpt2", 7);
                NDManager scope = model.manager().newSubManager()) {
            Map<String, NDArray> tensors = new TreeMap<>();
            model.parameters().forEach(parameter -> {
                String name = parameter.getName().substring("transformer.".length());
                boolean turned = name.matches("h\\.\\d+\\.(attn|mlp)\\..*\\.weight");
                NDArray array = turned ? Ops.transposed(parameter.getArray()) : parameter.getArray();
                if (turned) {
                    array.attach(scope);
                }
                tensors.put(name, array);
            });
            Safetensors.write(file, tensors, Map.of("format", "pt"));
        }
        return file;
    }

    /** In several files, as the real one is, and with its real vocabulary. */
    private static void addLlama2(TestHub hub, Path saved) throws IOException {
        Path vocabulary = TestData.data("tokenizers/llama2-tokenizer.model");
        try (PretrainedModel model = Models.random("llama", LLAMA2_SMALL, Tokenizers.fromFile(vocabulary), 7)) {
            model.save(saved, DType.FLOAT16, SHARD);
        }
        try (Stream<Path> files = Files.list(saved)) {
            for (Path file : files.sorted().toList()) {
                hub.add(LLAMA2, file.getFileName().toString(), file);
            }
        }
        hub.add(LLAMA2, "tokenizer.model", vocabulary);
        hub.add(LLAMA2, "tokenizer_config.json", LLAMA2_TOKENIZER.getBytes(StandardCharsets.UTF_8));
    }

    private static Path posts(Path file) throws IOException {
        Table posts = Datasets.posts();
        List<String[]> rows = IntStream.range(0, posts.rowCount())
                .mapToObj(row -> new String[] {
                    posts.stringColumn("document").get(row),
                    posts.stringColumn("title").get(row)
                })
                .toList();
        return ParquetFiles.redditTifu(file, rows);
    }

    @Override
    public void close() throws IOException {
        hub.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
