package dev.lorikeet.lora;

import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.ModelShape;
import dev.lorikeet.model.TaskModel;
import dev.lorikeet.model.block.Pooler;
import dev.lorikeet.model.config.EncoderConfig;
import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.model.config.Part;
import dev.lorikeet.model.family.Families;
import dev.lorikeet.model.spec.Family;
import dev.lorikeet.model.spec.HeadTask;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The modules that were made with a head for a task on an encoder. An adapter trains them in full, as PEFT does, unless its matrices are on
 * the head.
 */
final class HeadModules {

    private HeadModules() {}

    /** The settings with these modules among those to save. */
    static LoraConfig addedTo(LoraConfig config, LanguageModel model) {
        Pooler pooler = model.transformer().pooler();
        return model instanceof TaskModel made
                ? addedTo(config, model.config(), made.task(), pooler != null && pooler.isNew(), LinearLayers.of(model))
                : config;
    }

    /** The same for a model of some shape. */
    static LoraConfig addedTo(LoraConfig config, ModelShape shape) {
        boolean newPooler =
                !shape.config().encoder().map(EncoderConfig::poolerIsPretrained).orElse(true);
        return shape.isClassifier()
                ? addedTo(config, shape.config(), HeadTask.ONE_LABEL, newPooler, LinearLayers.of(shape))
                : config;
    }

    private static LoraConfig addedTo(
            LoraConfig config, ModelConfig model, HeadTask task, boolean newPooler, LinearLayers<?> layers) {
        boolean onHead =
                config.targetModules().in(layers).stream().anyMatch(target -> target.projection() == layers.head());
        if (!model.isEncoder() || onHead) {
            return config;
        }
        List<String> missing = new ArrayList<>(names(model, task, newPooler));
        missing.removeAll(config.modulesToSave());
        return config.with(builder -> builder.modulesToSave =
                Stream.concat(config.modulesToSave().stream(), missing.stream()).toList());
    }

    /** The names, such as "classifier". */
    static List<String> names(ModelConfig model, HeadTask task, boolean newPooler) {
        Family family = Families.named(model.family());
        Stream<String> pooler =
                newPooler ? Stream.of(first(family.path(Part.POOLER, 0), family.optionalPrefix())) : Stream.of();
        return Stream.concat(pooler, Stream.of(first(family.headPath(task), "")))
                .distinct()
                .toList();
    }

    private static String first(String path, String prefix) {
        String own = path.startsWith(prefix) ? path.substring(prefix.length()) : path;
        return own.split("\\.")[0];
    }
}
