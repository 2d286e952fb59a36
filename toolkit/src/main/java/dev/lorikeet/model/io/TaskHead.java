package dev.lorikeet.model.io;

import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.model.config.EncoderConfig;
import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.model.config.Part;
import dev.lorikeet.model.family.ConfigFiles;
import dev.lorikeet.model.family.Families;
import dev.lorikeet.model.spec.Family;
import dev.lorikeet.model.spec.Fields;
import dev.lorikeet.model.spec.HeadTask;
import dev.lorikeet.model.spec.TensorSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The head for a task as a folder in Hugging Face's layout holds it: its tensors, labels in {@code id2label}, and an architecture
 * that ends in {@code ForSequenceClassification} or {@code ForTokenClassification}.
 *
 * @param labels in the order of the classes; of a number its name
 * @param pooling the token whose state is classified; empty: as transformers has it
 */
public record TaskHead(HeadTask task, List<String> labels, Optional<String> pooling) {

    private static final String ARCHITECTURES = "architectures";
    private static final String LABELS = "id2label";
    private static final String PROBLEM = "problem_type";

    /** Lorikeet's own key, only written where a folder needs it. */
    private static final String POOLING = "lorikeet_pooling";

    /** The weight (labels, width). */
    public static TensorSpec weight(ModelConfig config, HeadTask task, long labels) {
        return tensor(config, task, ".weight", new Shape(labels, config.hiddenSize()));
    }

    /** The bias (labels), which some of transformers' own heads lack. */
    public static TensorSpec bias(ModelConfig config, HeadTask task, long labels) {
        return tensor(config, task, ".bias", new Shape(labels));
    }

    private static TensorSpec tensor(ModelConfig config, HeadTask task, String part, Shape shape) {
        String name = Families.named(config.family()).headPath(task) + part;
        return new TensorSpec(Part.HEAD, name, name, shape, false, 0, 0);
    }

    /** Whether a source has the weight of some task's head. */
    static boolean isIn(WeightSource source, ModelConfig config) {
        return Arrays.stream(HeadTask.values()).anyMatch(task -> source.has(weight(config, task, 0)));
    }

    /** All arrays that the pretrained model has not: the head, and a pooler that belongs to it. */
    public static List<TensorSpec> tensors(ModelConfig config, HeadTask task, long labels) {
        Family family = Families.named(config.family());
        List<TensorSpec> all = new ArrayList<>();
        if (family.pools(task)
                && !config.encoder().map(EncoderConfig::poolerIsPretrained).orElseThrow()) {
            all.add(family.weight(config, Part.POOLER, 0));
            if (Part.POOLER.isBiased(config)) {
                all.add(family.bias(config, Part.POOLER, 0));
            }
        }
        all.add(weight(config, task, labels));
        all.add(bias(config, task, labels));
        return all;
    }

    /**
     * Reads what a folder says of its head; empty for a folder with a model that has none for a task, and for a file.
     *
     * @throws BadFileException if the configuration cannot be read
     */
    public static Optional<TaskHead> in(Path folder) {
        Path file = folder.resolve(ModelFiles.CONFIG);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        JsonObject json = ConfigFiles.object(file);
        String classes = json.has(ARCHITECTURES) ? json.get(ARCHITECTURES).toString() : "";
        Fields fields = new Fields(json, file);
        if (classes.contains(HeadTask.TAGS.architecture())) {
            return Optional.of(new TaskHead(HeadTask.TAGS, labels(fields), Optional.empty()));
        }
        if (!classes.contains(HeadTask.ONE_LABEL.architecture())) {
            return Optional.empty();
        }
        List<String> labels = labels(fields);
        return Optional.of(
                new TaskHead(task(fields, labels.size()), labels, Optional.ofNullable(fields.text(POOLING, null))));
    }

    /** The task of a head for texts: where the file does not say it, a single row gives a number, as transformers has it. */
    private static HeadTask task(Fields fields, int labels) {
        HeadTask usual = labels == 1 ? HeadTask.NUMBER : HeadTask.ONE_LABEL;
        String problem = fields.text(PROBLEM, usual.problem());
        HeadTask task = Arrays.stream(HeadTask.values())
                .filter(known -> !known.problem().isEmpty() && known.problem().equals(problem))
                .findFirst()
                .orElseThrow(() -> fields.unsupported(
                        PROBLEM,
                        "\"%s\", \"%s\" or \"%s\""
                                .formatted(
                                        HeadTask.ONE_LABEL.problem(),
                                        HeadTask.SEVERAL_LABELS.problem(),
                                        HeadTask.NUMBER.problem())));
        if (task == HeadTask.NUMBER && labels != 1) {
            throw new BadFileException(
                    fields.file(),
                    "%s is \"%s\" with %d rows in the head; one number for each text is supported"
                            .formatted(PROBLEM, problem, labels));
        }
        return task;
    }

    private static List<String> labels(Fields fields) {
        if (!fields.has(LABELS)) {
            // What transformers assumes.
            return List.of("LABEL_0", "LABEL_1");
        }
        List<String> labels = new ArrayList<>();
        Fields names = fields.within(LABELS);
        for (int i = 0; i < names.json().size(); i++) {
            String id = String.valueOf(i);
            if (!names.has(id)) {
                throw new BadFileException(
                        fields.file(), "has no label %d in %s %s".formatted(i, LABELS, names.json()));
            }
            labels.add(names.text(id));
        }
        return labels;
    }

    /** Makes the settings of a model without a task those of one with this head. */
    void addTo(JsonObject json, String architecture) {
        JsonArray architectures = new JsonArray();
        architectures.add(architecture.replaceAll("(ForCausalLM|LMHeadModel|Model)$", "") + task.architecture());
        json.add(ARCHITECTURES, architectures);
        JsonObject names = new JsonObject();
        JsonObject ids = new JsonObject();
        for (int i = 0; i < labels.size(); i++) {
            names.addProperty(String.valueOf(i), labels.get(i));
            ids.addProperty(labels.get(i), i);
        }
        json.add(LABELS, names);
        json.add("label2id", ids);
        json.remove(PROBLEM);
        if (!task.problem().isEmpty()) {
            json.addProperty(PROBLEM, task.problem());
        }
        json.remove(POOLING);
        pooling.ifPresent(token -> json.addProperty(POOLING, token));
    }
}
