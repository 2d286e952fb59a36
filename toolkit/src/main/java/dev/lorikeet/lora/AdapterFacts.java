package dev.lorikeet.lora;

import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonParseException;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.Json;
import dev.lorikeet.base.file.AtomicFolders;
import dev.lorikeet.lora.names.PeftPaths;
import dev.lorikeet.model.AdapterFormat.Description;
import dev.lorikeet.model.spec.HeadTask;
import dev.lorikeet.weights.TensorFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What the files of an adapter say of it, without a model. */
final class AdapterFacts {

    private static final Pattern HEAD_WEIGHT = Pattern.compile(Pattern.quote(PeftPaths.PREFIX)
            + "(score|classifier)\\.(out_proj\\.)?(base_layer\\.|modules_to_save\\.)?(default\\.)?weight");

    private AdapterFacts() {}

    /** Reads what {@link Lora#labels} returns. */
    static List<String> labels(Path folder) {
        return describe(folder).labels();
    }

    /** Reads what a folder says of its adapter, without a model. */
    static Description describe(Path folder) {
        AtomicFolders.recover(folder);
        AdapterConfig config = AdapterConfig.read(folder);
        try (TensorFile file = AdapterReader.open(folder)) {
            Object labels = file.metadata().get(AdapterWriter.LABELS);
            int classes = file.names().stream()
                    .filter(name -> HEAD_WEIGHT.matcher(name).matches())
                    .mapToInt(name -> classes(file, name))
                    .findFirst()
                    .orElse(0);
            return new Description(
                    config.baseModel(),
                    task(file, config, labels != null, classes),
                    labels == null
                            ? List.of()
                            : Json.list(Json.parse(labels.toString()), AdapterWriter.LABELS, Json::text),
                    classes);
        } catch (JsonParseException e) {
            throw new BadFileException(
                    folder.resolve(AdapterWriter.TENSORS), "has labels that cannot be read: " + e.getMessage(), e);
        }
    }

    /** The task that Lorikeet has noted, or that PEFT's type and the rows of a head stand for; empty without a head. */
    static Optional<HeadTask> task(TensorFile file, AdapterConfig config, boolean named, int classes) {
        Object noted = file.metadata().get(AdapterWriter.TASK);
        if (noted != null) {
            return Optional.of(Arrays.stream(HeadTask.values())
                    .filter(task -> task.name().equals(noted))
                    .findFirst()
                    .orElseThrow(() -> new BadFileException(
                            file.path(),
                            "its task is \"%s\"; expected one of %s"
                                    .formatted(noted, Arrays.toString(HeadTask.values())))));
        }
        if (HeadTask.TAGS.peft().equals(config.taskType())) {
            return Optional.of(HeadTask.TAGS);
        }
        if (!named && classes == 0 && !HeadTask.ONE_LABEL.peft().equals(config.taskType())) {
            return Optional.empty();
        }
        return Optional.of(classes == 1 ? HeadTask.NUMBER : HeadTask.ONE_LABEL);
    }

    private static int classes(TensorFile file, String head) {
        Shape shape = file.entry(head).shape();
        if (shape.dimension() != 2 || shape.get(0) > Integer.MAX_VALUE) {
            throw new BadFileException(file.path(), "tensor \"%s\" is %s; expected a matrix".formatted(head, shape));
        }
        return (int) shape.get(0);
    }
}
