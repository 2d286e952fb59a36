package dev.lorikeet.model.io;

import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.model.config.Part;
import dev.lorikeet.model.family.ConfigFiles;
import dev.lorikeet.model.family.Families;
import dev.lorikeet.model.spec.Family;
import dev.lorikeet.model.spec.Fields;
import dev.lorikeet.model.spec.TensorSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The head of a classifier as a folder in Hugging Face's layout holds it: its tensors, labels in {@code id2label}, and
 * an architecture that ends in {@code ForSequenceClassification}.
 *
 * @param labels in the order of the classes
 * @param pooling the token whose state is classified; empty: the last of the text, as transformers has it
 * @param multiLabel whether a text may have several labels
 */
public record ClassifierHead(List<String> labels, Optional<String> pooling, boolean multiLabel) {

    /** What each classifier's architecture ends in. */
    private static final String ARCHITECTURE = "ForSequenceClassification";

    private static final String ARCHITECTURES = "architectures";
    private static final String LABELS = "id2label";
    private static final String PROBLEM = "problem_type";
    private static final String ONE_LABEL = "single_label_classification";
    private static final String SEVERAL_LABELS = "multi_label_classification";

    /** Lorikeet's own key, only written where a folder needs it. */
    private static final String POOLING = "lorikeet_pooling";

    /** The weight (labels, width). */
    public static TensorSpec weight(ModelConfig config, long labels) {
        return tensor(config, ".weight", new Shape(labels, config.hiddenSize()));
    }

    /** The bias (labels), which transformers' own classifiers on decoders lack. */
    public static TensorSpec bias(ModelConfig config, long labels) {
        return tensor(config, ".bias", new Shape(labels));
    }

    private static TensorSpec tensor(ModelConfig config, String part, Shape shape) {
        String name = Families.named(config.family()).classifierPath() + part;
        return new TensorSpec(Part.HEAD, name, name, shape, false, 0, 0);
    }

    /** All arrays of a classifier that its pretrained model has not: the head, and a pooler that belongs to it. */
    public static List<TensorSpec> tensors(ModelConfig config, long labels) {
        Family family = Families.named(config.family());
        List<TensorSpec> all = new ArrayList<>();
        if (family.has(Part.POOLER) && !config.encoder().orElseThrow().poolerIsPretrained()) {
            all.add(family.weight(config, Part.POOLER, 0));
            if (Part.POOLER.isBiased(config)) {
                all.add(family.bias(config, Part.POOLER, 0));
            }
        }
        all.add(weight(config, labels));
        all.add(bias(config, labels));
        return all;
    }

    /**
     * Reads the labels of a folder with a classifier; empty for a folder with a model that writes and for a file.
     *
     * @throws BadFileException if the configuration cannot be read
     */
    public static Optional<ClassifierHead> in(Path folder) {
        Path file = folder.resolve(ModelFiles.CONFIG);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        JsonObject json = ConfigFiles.object(file);
        if (!json.has(ARCHITECTURES) || !json.get(ARCHITECTURES).toString().contains(ARCHITECTURE)) {
            return Optional.empty();
        }
        Fields fields = new Fields(json, file);
        Optional<String> pooling = Optional.ofNullable(fields.text(POOLING, null));
        return Optional.of(new ClassifierHead(labels(fields), pooling, isMultiLabel(fields)));
    }

    private static boolean isMultiLabel(Fields fields) {
        String problem = fields.text(PROBLEM, ONE_LABEL);
        if (!problem.equals(ONE_LABEL) && !problem.equals(SEVERAL_LABELS)) {
            throw fields.unsupported(PROBLEM, "\"%s\" or \"%s\"".formatted(ONE_LABEL, SEVERAL_LABELS));
        }
        return problem.equals(SEVERAL_LABELS);
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

    /** Makes the settings of a model that writes those of this classifier. */
    void addTo(JsonObject json, String architecture) {
        JsonArray architectures = new JsonArray();
        architectures.add(architecture.replaceAll("(ForCausalLM|LMHeadModel|Model)$", "") + ARCHITECTURE);
        json.add(ARCHITECTURES, architectures);
        JsonObject names = new JsonObject();
        JsonObject ids = new JsonObject();
        for (int i = 0; i < labels.size(); i++) {
            names.addProperty(String.valueOf(i), labels.get(i));
            ids.addProperty(labels.get(i), i);
        }
        json.add(LABELS, names);
        json.add("label2id", ids);
        json.addProperty(PROBLEM, multiLabel ? SEVERAL_LABELS : ONE_LABEL);
        json.remove(POOLING);
        pooling.ifPresent(token -> json.addProperty(POOLING, token));
    }
}
