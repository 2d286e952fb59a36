package dev.lorikeet.fuzz;

import com.sun.net.httpserver.HttpServer;
import dev.lorikeet.base.Progress;
import dev.lorikeet.data.Conversations;
import dev.lorikeet.data.Datasets;
import dev.lorikeet.data.Documents;
import dev.lorikeet.data.ParquetFiles;
import dev.lorikeet.hub.Hub;
import dev.lorikeet.hub.Repository;
import dev.lorikeet.hub.TestHub;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.lora.LoraAdapter;
import dev.lorikeet.lora.Targets;
import dev.lorikeet.model.Models;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.io.GgufType;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.text.ChatTemplate;
import dev.lorikeet.text.Message;
import dev.lorikeet.text.Tokenizer;
import dev.lorikeet.text.Tokenizers;
import dev.lorikeet.train.FineTune;
import dev.lorikeet.train.checkpoint.Checkpoints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** All readers of files from strangers, with seeds: the tests' own models, tokenizers and tables. */
final class FuzzTargets {

    private static final String TEXT = "The kea's 12 eggs\n  were <s> laid. é🦜";
    private static final List<Message> CHAT = List.of(
            Message.system("Be kind."), Message.user("Who?"), Message.assistant("A kea."), Message.user("Why?"));

    private final Path resources;
    private final Path home;

    /**
     * @param resources the tests' folder {@code dev/lorikeet}
     * @param home an empty folder
     */
    FuzzTargets(Path resources, Path home) {
        this.resources = resources;
        this.home = home;
        Progress.showOn(Progress::silent);
    }

    /** Names the readers, and makes each when it is asked for. */
    Map<String, Supplier<FuzzTarget>> all() {
        Map<String, Supplier<FuzzTarget>> all = new LinkedHashMap<>();
        all.put("tokenizer.json", this::tokenizerJson);
        all.put("tokenizer_config.json", this::tokenizerConfig);
        all.put("sentencepiece", this::sentencePiece);
        all.put("chat-template", this::chatTemplate);
        all.put("config.json", this::config);
        all.put("encoder-config", () -> encoder("tiny-modernbert"));
        all.put("bert-config", () -> encoder("tiny-bert"));
        all.put("pooling", this::pooling);
        all.put("safetensors", this::safetensors);
        all.put("gguf", this::gguf);
        all.put("adapter_config.json", () -> adapter("adapter_config.json"));
        all.put("adapter-weights", () -> adapter("adapter_model.safetensors"));
        all.put("checkpoint", this::checkpoint);
        all.put("csv", () -> table("table.csv", csv()));
        all.put("tsv", () -> table("table.tsv", csv().replace(',', '\t')));
        all.put(
                "json",
                () -> table(
                        "table.json",
                        "[{\"a\": 1, \"b\": \"x\"}, {\"a\": null, \"b\": [1, {\"c\": 2}]}]",
                        "{\"data\": [{\"a\": 1}]}"));
        all.put("jsonl", () -> table("table.jsonl", "{\"a\": 1, \"b\": \"x\"}\n{\"a\": 2.5, \"b\": {\"c\": [1]}}\n"));
        all.put("parquet", this::parquet);
        all.put("conversations", this::conversations);
        all.put("hub", this::hub);
        all.replaceAll((name, target) -> () -> target.get().with(found(name)));
        return all;
    }

    /** Returns the files at which a reader failed before it was mended. */
    private List<byte[]> found(String reader) {
        return Files.isDirectory(resources.resolve("fuzz").resolve(reader))
                ? seeds(resources("fuzz/" + reader, ""))
                : List.of();
    }

    private static String csv() {
        return "label,text\nham,Hello there\nspam,\"You have \"\"won\"\",\ncall\"\nham,12.5\n\nham,é\n";
    }

    private Path folder(String name) {
        try {
            return Files.createDirectories(home.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path copy(String model) {
        Path from = resources.resolve("model").resolve(model);
        Path to = folder(model);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.write(to.resolve(file.getFileName().toString()), bytes(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return to;
    }

    private static List<byte[]> seeds(List<Path> files) {
        return files.stream().map(FuzzTargets::bytes).toList();
    }

    private List<Path> resources(String folder, String ending) {
        try (Stream<Path> files = Files.walk(resources.resolve(folder))) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<byte[]> texts(String... texts) {
        return Stream.of(texts)
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    private static void use(Tokenizer tokenizer) {
        int[] ids = tokenizer.encode(TEXT, true);
        tokenizer.decode(ids);
        tokenizer.encodeWithOffsets(TEXT, true);
    }

    private FuzzTarget tokenizerJson() {
        List<byte[]> seeds = new ArrayList<>(seeds(resources("model", "tokenizer.json")));
        seeds.addAll(texts(TokenizerSeeds.ALL));
        return new FuzzTarget("tokenizer.json", "tokenizer.json", folder("tokenizer-json"), seeds, file -> {
            try (Tokenizer tokenizer = Tokenizers.fromFile(file)) {
                use(tokenizer);
            }
        });
    }

    private FuzzTarget tokenizerConfig() {
        String template = "{% for m in messages %}<|{{ m.role }}|>{{ m.content }}{{ eos_token }}{% endfor %}";
        List<byte[]> seeds = texts(
                "{\"bos_token\": \"<s>\", \"eos_token\": {\"content\": \"</s>\", \"lstrip\": false}, \"add_bos_token\": true,"
                        + " \"chat_template\": \"" + template
                        + "\", \"added_tokens_decoder\": {\"0\": {\"content\": \"<unk>\","
                        + " \"special\": true}}, \"model_max_length\": 2048, \"tokenizer_class\": \"LlamaTokenizer\"}",
                "{\"chat_template\": [{\"name\": \"default\", \"template\": \"" + template
                        + "\"}], \"pad_token\": null}");
        return new FuzzTarget("tokenizer_config.json", "tokenizer_config.json", copy("tiny-llama"), seeds, file -> {
            try (Tokenizer tokenizer = Tokenizers.fromFolder(file.getParent())) {
                use(tokenizer);
                tokenizer.chat().render(CHAT, true);
            }
        });
    }

    private FuzzTarget sentencePiece() {
        return new FuzzTarget(
                "sentencepiece",
                "tokenizer.model",
                folder("sentencepiece"),
                seeds(resources("text/sentencepiece", ".model")),
                file -> {
                    try (Tokenizer tokenizer = Tokenizers.fromFile(file)) {
                        use(tokenizer);
                    }
                });
    }

    private FuzzTarget chatTemplate() {
        Tokenizer gpt2 = Tokenizers.gpt2();
        return new FuzzTarget(
                "chat-template",
                "chat_template.jinja",
                folder("chat"),
                seeds(resources("text/chat", ".jinja")),
                file -> {
                    String source = Files.readString(file, StandardCharsets.ISO_8859_1);
                    ChatTemplate template = ChatTemplate.of(source, gpt2);
                    template.render(CHAT, true);
                    template.renderWithAnswers(CHAT.subList(0, 3));
                });
    }

    private static void use(PretrainedModel model) {
        model.generate("the", 2);
    }

    private FuzzTarget config() {
        List<byte[]> seeds = seeds(resources("model", "config.json"));
        return new FuzzTarget("config.json", "config.json", copy("tiny-llama"), seeds, FuzzTargets::loadFolder);
    }

    private FuzzTarget encoder(String model) {
        List<byte[]> seeds =
                List.of(bytes(resources.resolve("model").resolve(model).resolve("config.json")));
        return new FuzzTarget("encoder-config", "config.json", copy(model), seeds, file -> {
            try (PretrainedModel encoder = Models.load(file.getParent().toString(), DType.FLOAT32)) {
                encoder.embed("the rain");
                encoder.classifier("a", "b").classify("the rain");
            }
        });
    }

    private FuzzTarget pooling() {
        Path folder = copy("tiny-bert");
        byte[] seed =
                "{\"word_embedding_dimension\": 32, \"pooling_mode_cls_token\": false, \"pooling_mode_mean_tokens\": true}"
                        .getBytes(StandardCharsets.UTF_8);
        try {
            Files.createDirectories(folder.resolve("1_Pooling"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        PretrainedModel encoder = Models.load(folder.toString(), DType.FLOAT32);
        return new FuzzTarget("pooling", "1_Pooling/config.json", folder, List.of(seed), file -> encoder.embed("the"));
    }

    private static void loadFolder(Path file) {
        try (PretrainedModel model = Models.load(file.getParent().toString(), DType.FLOAT32)) {
            use(model);
        }
    }

    private FuzzTarget safetensors() {
        List<byte[]> seeds = List.of(bytes(resources.resolve("model/tiny-llama/model.safetensors")));
        return new FuzzTarget("safetensors", "model.safetensors", copy("tiny-llama"), seeds, FuzzTargets::loadFolder);
    }

    private FuzzTarget gguf() {
        Path saved = folder("saved").resolve("llama.gguf");
        try (PretrainedModel model = Models.load(copy("tiny-llama").toString(), DType.FLOAT32)) {
            model.saveGguf(saved, GgufType.F32);
        }
        List<byte[]> seeds = new ArrayList<>(seeds(resources("model", ".gguf")));
        seeds.add(bytes(saved));
        return new FuzzTarget("gguf", "model.gguf", folder("gguf"), seeds, file -> {
            try (PretrainedModel model = Models.load(file.toString(), DType.FLOAT32)) {
                use(model);
            }
        });
    }

    private FuzzTarget adapter(String damaged) {
        PretrainedModel model = Models.load(copy("tiny-llama").toString(), DType.FLOAT32);
        Path folder = folder("adapter");
        List<byte[]> seeds = new ArrayList<>();
        LoraAdapter saved =
                Lora.rank(2).alpha(4).dropout(0.1).on(Targets.ALL_LINEAR).inject(model);
        saved.save(folder);
        saved.remove();
        seeds.add(bytes(folder.resolve(damaged)));
        return new FuzzTarget(damaged, damaged, folder, seeds, file -> {
            LoraAdapter adapter = Lora.load(file.getParent(), model);
            use(model);
            adapter.remove();
        });
    }

    private FuzzTarget checkpoint() {
        PretrainedModel model = Models.load(copy("tiny-llama").toString(), DType.FLOAT32);
        Lora.rank(2).inject(model);
        Path folder = folder("checkpoints");
        Documents documents = Documents.of(
                        Table.create("t", StringColumn.create("text", "the an", "than the", "a b c")), "text")
                .length(8)
                .batch(1);
        FineTune<?> tuning = FineTune.of(model)
                .on(documents)
                .maxSteps(2)
                .checkpoints(Checkpoints.in(folder))
                .quietly();
        tuning.resume();
        Path state;
        try (Stream<Path> files = Files.walk(folder)) {
            state = files.filter(file -> file.endsWith("state.json"))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String name = folder.relativize(state).toString();
        return new FuzzTarget("checkpoint", name, folder, List.of(bytes(state)), file -> tuning.resume());
    }

    private FuzzTarget table(String file, String... seeds) {
        return new FuzzTarget(file, file, folder(file), texts(seeds), FuzzTargets::readTable);
    }

    private static void readTable(Path file) {
        Datasets.read(file).structure();
    }

    private FuzzTarget parquet() {
        Path saved = folder("saved");
        try {
            List<Path> files = List.of(
                    ParquetFiles.redditTifu(
                            saved.resolve("posts.parquet"),
                            List.of(new String[] {"A kea.", "b"}, new String[] {null, "c"})),
                    ParquetFiles.chats(
                            saved.resolve("chats.parquet"),
                            List.of(List.<String[]>of(new String[] {"user", "Hi"})),
                            List.of(1)));
            return new FuzzTarget("parquet", "table.parquet", folder("parquet"), seeds(files), FuzzTargets::readTable);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private FuzzTarget conversations() {
        List<byte[]> seeds = texts(
                "<s>[INST] <<SYS>>\nBe kind.\n<</SYS>>\n\nHi [/INST] Hello. </s><s>[INST] Bye [/INST]",
                "### Instruction:\nSay it.\n### Input:\nkea\n### Response:\nKea.",
                "[{\"role\": \"user\", \"content\": \"Hi\"}, {\"role\": \"assistant\", \"content\": null, \"tool_calls\":"
                        + " [{\"function\": {\"name\": \"clock\", \"arguments\": \"{}\"}}], \"weight\": 1}]",
                "{\"conversations\": [{\"from\": \"human\", \"value\": \"Hi\"}, {\"from\": \"function_call\", \"value\":"
                        + " \"{\\\"name\\\": \\\"a\\\"}\"}], \"tools\": [{\"name\": \"a\"}], \"system\": \"Be kind.\"}");
        Tokenizer gpt2 = Tokenizers.gpt2();
        ChatTemplate template = ChatTemplate.of(
                "{% for m in messages %}{{ m.role }}: {{ m.content }}{% if m.tool_calls %}{{ m.tool_calls | tojson }}{% endif %}"
                        + "\n{% endfor %}{% if add_generation_prompt %}assistant: {% endif %}{{ tools | tojson }}",
                gpt2);
        return new FuzzTarget("conversations", "row.txt", folder("conversations"), seeds, file -> {
            String row = Files.readString(file, StandardCharsets.ISO_8859_1);
            Conversations chats = Conversations.of(Table.create("t", StringColumn.create("text", row)), "text");
            chats.render(template);
            template.renderWithAnswers(chats.get(0));
        });
    }

    /** A hub that answers each request with the damaged file. */
    private FuzzTarget hub() {
        List<byte[]> seeds = texts("{\"id\": \"a/b\", \"sha\": \"" + "0123456789".repeat(4)
                + "\", \"siblings\": [{\"rfilename\": \"config.json\"},"
                + " {\"rfilename\": \"train/0.parquet\"}], \"gated\": false, \"cardData\": {\"license\": \"mit\"}}");
        Path folder = folder("hub");
        Path answer = folder.resolve("answer.json");
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", exchange -> {
                try (exchange) {
                    byte[] body = bytes(answer);
                    exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
                    exchange.getResponseBody().write(body);
                }
            });
            server.start();
            String endpoint = "http://localhost:" + server.getAddress().getPort();
            Hub hub = TestHub.start().client(folder, Map.of("HF_ENDPOINT", endpoint));
            return new FuzzTarget("hub", "answer.json", folder, seeds, file -> hub.list(Repository.model("a/b")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
