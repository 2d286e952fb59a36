package dev.lorikeet.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.model.block.ForwardContext;
import dev.lorikeet.model.generate.GenerationConfig;
import dev.lorikeet.model.generate.GenerationConfigFile;
import dev.lorikeet.model.generate.GenerationProgress;
import dev.lorikeet.model.generate.GenerationResult;
import dev.lorikeet.model.generate.Generator;
import dev.lorikeet.model.io.FolderExport;
import dev.lorikeet.model.io.GgufExport;
import dev.lorikeet.model.io.GgufType;
import dev.lorikeet.model.io.LoadedModel;
import dev.lorikeet.model.io.ModelLock;
import dev.lorikeet.model.io.SavedModel;
import dev.lorikeet.model.io.TaskHead;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.Quantization;
import dev.lorikeet.text.ChatTemplate;
import dev.lorikeet.text.Message;
import dev.lorikeet.text.span.TagScheme;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A pretrained model: one that predicts the next token, and so writes, or an encoder, which reads. */
public final class PretrainedModel extends LanguageModel {

    private static final long HEAD_SEED = 123;
    private static final String GENERATING = "generating";

    PretrainedModel(LoadedModel parts) {
        super(parts, new Adapters());
    }

    /**
     * Stores the weights of the layers' projections in fewer bits, one after the other; those of the head and the token table stay
     * as they are, as bitsandbytes has it, but with INT8. {@link Models#load(String, Quantization)} does so while it loads, and
     * then never holds more than one of them in full.
     *
     * @param how {@link Quantization#NF4}, {@link Quantization#NF4_DOUBLE} or {@link Quantization#INT8}
     * @throws LorikeetException if a weight is trained, merged with an adapter or quantised already
     */
    public PretrainedModel quantize(Quantization how) {
        try (ModelLock.Use use = use("quantizing")) {
            LayerQuantization.run(transformer(), how);
        }
        return this;
    }

    /**
     * Sets the dtype in which single tokens are multiplied by quantized weights while the model generates; the compute dtype unless set.
     * In bfloat16 x86 CPUs multiply by the quantized values directly, several times as fast as by dequantized weights. It rounds to
     * eight bits, as llama.cpp does. Prompts, training and dense weights are not affected; {@link #computeDtype} resets it.
     */
    public void decodeDtype(DType dtype) {
        try (ModelLock.Use use = use("changing the dtype")) {
            transformer().decodeDtype(dtype);
        }
    }

    /** Continues a text by at most {@code tokens} tokens, always taking the likeliest. */
    public GenerationResult generate(String prompt, int tokens) {
        return generate(prompt, GenerationConfig.greedy(tokens));
    }

    /** Continues a text, and shows how far it has come. An interrupt stops it within a token. */
    public GenerationResult generate(String prompt, GenerationConfig settings) {
        checkGiven(prompt, settings);
        try (ModelLock.Use use = writing(GENERATING)) {
            int[] ids = tokenizer().encode(prompt, true);
            try (GenerationProgress progress = GenerationProgress.start(settings.limit(ids.length))) {
                GenerationResult generated = generator(settings).continueFrom(prompt, ids, progress);
                progress.complete(List.of(generated));
                return generated;
            }
        }
    }

    /**
     * Continues a text and hands each new piece of it to {@code listener} as soon as it is known. An interrupt stops it
     * within a token.
     *
     * @param listener receives texts whose concatenation is {@link GenerationResult#text}
     */
    public GenerationResult generate(String prompt, GenerationConfig settings, Consumer<String> listener) {
        checkGiven(prompt, settings);
        BadArgumentException.required(listener, "listener");
        try (ModelLock.Use use = writing(GENERATING)) {
            return generator(settings).continueFrom(prompt, tokenizer().encode(prompt, true), listener);
        }
    }

    /**
     * Continues several texts at once, which takes less time than one after the other, and shows how far they have come. An
     * interrupt stops it within a token.
     *
     * @param settings for each of them; the draws of the text of number i have the seed plus i
     * @return in the order of the prompts
     */
    public List<GenerationResult> generate(List<String> prompts, GenerationConfig settings) {
        checkGiven(prompts, settings);
        prompts.forEach(prompt -> BadArgumentException.required(prompt, "a prompt"));
        try (ModelLock.Use use = writing(GENERATING)) {
            List<int[]> ids = prompts.stream()
                    .map(prompt -> tokenizer().encode(prompt, true))
                    .toList();
            long limit =
                    ids.stream().mapToLong(row -> settings.limit(row.length)).sum();
            try (GenerationProgress progress = GenerationProgress.start(limit)) {
                List<GenerationResult> generated = generator(settings).continueAll(prompts, ids, progress);
                progress.complete(generated);
                return generated;
            }
        }
    }

    /** The settings with which the model's authors generate, from its generation_config.json; else greedy, at most 256 tokens. */
    public GenerationConfig generationConfig() {
        return parts().origin().map(GenerationConfigFile::read).orElseGet(GenerationConfigFile::missing);
    }

    /**
     * Starts a conversation in the form of the model's own chat template, which keeps what was said and prints answers as they are
     * generated.
     *
     * @throws LorikeetException if the model has no chat template
     */
    public Chat chat() {
        checkWrites();
        return chat(tokenizer().chat());
    }

    /** Starts a conversation in the form of another template, such as {@link ChatTemplate#of one's own}. */
    public Chat chat(ChatTemplate template) {
        checkWrites();
        return new Chat(this, template);
    }

    /**
     * Answers one question in the form of the model's own chat template, with the model's {@link #generationConfig}. {@link #chat}
     * keeps a conversation.
     */
    public GenerationResult answer(String question) {
        return answer(question, generationConfig());
    }

    /**
     * Answers a question in the form of the model's own chat template; see {@link #answer(List, GenerationConfig, Consumer)}. The
     * result's prompt is the question as it was asked, and the end of its line.
     */
    public GenerationResult answer(String question, GenerationConfig settings) {
        return generate(tokenizer().chat().render(List.of(Message.user(question)), true), settings)
                .prompted(question + "\n");
    }

    /**
     * Goes on with a conversation as the model's own chat template has it, and hands each new piece of the answer to
     * {@code listener}.
     *
     * @throws dev.lorikeet.text.ChatTemplateException if the model has no template, or it refuses the conversation
     */
    public GenerationResult answer(List<Message> conversation, GenerationConfig settings, Consumer<String> listener) {
        return generate(tokenizer().chat().render(conversation, true), settings, listener);
    }

    /** Continues ids; see {@link #generate(String, GenerationConfig)}. */
    public int[] generate(int[] ids, GenerationConfig settings) {
        checkGiven(ids, settings);
        try (ModelLock.Use use = writing(GENERATING)) {
            return generator(settings).continueFrom("", ids, piece -> {}).ids();
        }
    }

    /**
     * Logits for the token after each position.
     *
     * @param manager owns the result
     * @param ids rows of equal length
     * @return float32 (batch, time, vocabulary)
     */
    public NDArray logits(NDManager manager, int[][] ids) {
        try (ModelLock.Use use = writing("computing logits");
                NDManager scope = manager.newSubManager()) {
            ForwardContext context = ForwardContext.of(scope, false);
            NDArray logits = transformer().logits(transformer().hidden(ids(scope, ids), context), null, context);
            NDArray shaped = logits.reshape(new Shape(ids.length, ids[0].length, -1));
            shaped.attach(manager);
            return shaped;
        }
    }

    @Override
    public PretrainedModel merge() {
        mergeAdapters();
        return this;
    }

    @Override
    SavedModel write(Path folder, DType dtype, long largestFile) {
        checkWhole();
        return new FolderExport(parts(), activeNames(), dtype, largestFile, head()).write(folder);
    }

    @Override
    Optional<TaskHead> head() {
        return Optional.empty();
    }

    /**
     * Writes the model as a GGUF file that llama.cpp and {@link Models#load} read, tokenizer included, whole or not at all.
     *
     * @param file a new one, or one that an earlier call has written
     * @param type in which the matrices are stored
     * @throws BadArgumentException if it is another file
     * @throws LorikeetException if an adapter is active: {@code merge()} or {@code disable()} it first; or for an encoder
     * @throws dev.lorikeet.base.BadFileException if the tokenizer has no form in GGUF that is known
     * @throws dev.lorikeet.base.StoppedException if the thread is interrupted; the file is then as it was
     */
    @Override
    public SavedModel saveGguf(Path file, GgufType type) {
        if (config().isEncoder()) {
            throw new LorikeetException(
                    "%s is an encoder, of which GGUF files are not written; save(folder) writes it".formatted(name()));
        }
        try (ModelLock.Use use = writing("saving")) {
            return new GgufExport(parts(), activeNames(), type).write(file);
        }
    }

    private Generator generator(GenerationConfig settings) {
        return new Generator(name(), transformer(), tokenizer(), settings);
    }

    private static void checkGiven(Object prompt, GenerationConfig settings) {
        BadArgumentException.required(prompt, "prompt");
        BadArgumentException.required(settings, "settings");
    }

    /** Begins a use that needs the head. */
    private ModelLock.Use writing(String activity) {
        ModelLock.Use use = use(activity);
        boolean writes = false;
        try {
            checkWrites();
            writes = true;
            return use;
        } finally {
            if (!writes) {
                use.close();
            }
        }
    }

    /**
     * Checks that it predicts tokens.
     *
     * @throws LorikeetException if it is an encoder, or has given its head to a classifier
     */
    public void checkWrites() {
        checkOpen();
        if (config().isEncoder()) {
            throw new LorikeetException(
                    "%s is an encoder (%s): it reads texts and writes none. classifier(labels), embed(texts) and FineTune.pairs(model) are what it is for"
                            .formatted(name(), config().family()));
        }
        checkWhole();
    }

    /** A classifier takes the head away from the model that it is made from. */
    private void checkWhole() {
        checkOpen();
        if (!transformer().hasOwnHead()) {
            throw new LorikeetException(
                    "The model %s gave its head away to a classifier, a regressor or a tagger; load it again"
                            .formatted(name()));
        }
    }

    /**
     * A classifier on this model's weights: the head gives way to a new one with a row for each label. Both then share
     * the layers, and this model can no longer write.
     *
     * @param labels at least two different ones, in the order of the classes
     */
    public Classifier classifier(String... labels) {
        return classifier(List.of(labels));
    }

    /** Makes a classifier as {@link #classifier(String...)} does, of labels such as those of a data set's splits. */
    public Classifier classifier(Collection<String> labels) {
        return classifier(HEAD_SEED, labels);
    }

    /**
     * As {@link #classifier(String...)}.
     *
     * @param seed of the new head's weights, uniform in ±1/√width as PyTorch initialises a linear layer
     */
    public Classifier classifier(long seed, String... labels) {
        return classifier(seed, List.of(labels));
    }

    /** Makes a classifier as {@link #classifier(long, String...)} does, of labels such as those of a data set's splits. */
    public Classifier classifier(long seed, Collection<String> labels) {
        List<String> names = distinct("labels", labels, 2);
        try (ModelLock.Use use = use("making a classifier of it")) {
            checkWhole();
            return Classifier.on(parts(), adapters(), names, seed);
        }
    }

    /** A regressor on this model's weights, which gives each text a number; else as {@link #classifier(String...)}. */
    public Regressor regressor() {
        return regressor("number");
    }

    /** A regressor that calls its number so, such as "stars". */
    public Regressor regressor(String label) {
        return regressor(HEAD_SEED, label);
    }

    /** A regressor with another seed of the new head's weights. */
    public Regressor regressor(long seed, String label) {
        BadArgumentException.required(label, "label");
        try (ModelLock.Use use = use("making a regressor of it")) {
            checkWhole();
            return Regressor.on(parts(), adapters(), label, seed);
        }
    }

    /**
     * A tagger on this model's weights, which finds spans of some kinds, such as "place", in texts; else as
     * {@link #classifier(String...)}. Its tags are "O", and for each kind one with "B-" and one with "I-" before it.
     */
    public Tagger tagger(String... kinds) {
        return tagger(List.of(kinds));
    }

    /** Makes a tagger as {@link #tagger(String...)} does, of kinds such as those of a data set. */
    public Tagger tagger(Collection<String> kinds) {
        return tagger(HEAD_SEED, kinds);
    }

    /** Makes a tagger with another seed of the new head's weights. */
    public Tagger tagger(long seed, Collection<String> kinds) {
        return tagger(seed, TagScheme.of(distinct("kinds of spans", kinds, 1)));
    }

    /** A tagger with tags of one's own, such as those of a published model: "O", "B-place", "I-place"; or parts of speech. */
    public Tagger taggerOf(List<String> tags) {
        return tagger(HEAD_SEED, new TagScheme(distinct("tags", tags, 2)));
    }

    private Tagger tagger(long seed, TagScheme scheme) {
        try (ModelLock.Use use = use("making a tagger of it")) {
            checkWhole();
            return Tagger.on(parts(), adapters(), scheme, seed);
        }
    }

    private static List<String> distinct(String what, Collection<String> names, int least) {
        BadArgumentException.required(names, what)
                .forEach(name -> BadArgumentException.required(name, "one of the " + what));
        List<String> all = List.copyOf(names);
        BadArgumentException.unless(
                all.size() >= least && new HashSet<>(all).size() == all.size(),
                what,
                all,
                least == 1 ? "at least one, and each once" : "at least two different " + what);
        return all;
    }
}
