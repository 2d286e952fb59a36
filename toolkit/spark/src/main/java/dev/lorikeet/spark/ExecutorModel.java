package dev.lorikeet.spark;

import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.file.AtomicFolders;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.Models;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.spark.ModelHandle.TaskSettings;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.spark.SparkEnv;

/**
 * A model in this process: an executor's, which is loaded once for all its tasks and stays until another one is asked for; or the
 * driver's, where tasks run in its process.
 */
final class ExecutorModel {

    /** The driver's models that tasks in its own process use. */
    private static final Map<String, ExecutorModel> LENT = new ConcurrentHashMap<>();

    private static ExecutorModel loaded;

    private final ModelHandle handle;
    private final Reference<LanguageModel> lent;
    private final LanguageModel own;
    private AutoCloseable user;
    private ModelFacts facts;

    private ExecutorModel(ModelHandle handle, Reference<LanguageModel> lent, LanguageModel own) {
        this.handle = handle;
        this.lent = lent;
        this.own = own;
    }

    /** Lends this process's tasks a model that is here already. */
    static ExecutorModel lend(ModelHandle handle, LanguageModel model) {
        ExecutorModel lent = new ExecutorModel(handle, new WeakReference<>(model), null);
        LENT.put(handle.key(), lent);
        return lent;
    }

    /** Takes a model back that was lent. */
    static void takeBack(ModelHandle handle) {
        Optional.ofNullable(LENT.remove(handle.key())).ifPresent(ExecutorModel::close);
    }

    /** The model that a handle stands for, which is loaded if it is not here. */
    static ExecutorModel of(ModelHandle handle) {
        ExecutorModel here = LENT.get(handle.key());
        return here == null ? loaded(handle) : here;
    }

    /**
     * The same, if it is what the driver has: an executor may have joined after all were asked.
     *
     * @throws LorikeetException if not; it names the executor and the difference
     */
    static ExecutorModel checked(ModelHandle handle) {
        ExecutorModel found = of(handle);
        List<String> differences = found.lent == null ? handle.expected().differences(found.facts()) : List.of();
        if (!differences.isEmpty()) {
            throw new LorikeetException("Executor %s cannot take part: %s"
                    .formatted(SparkEnv.get().executorId(), String.join("; ", differences)));
        }
        return found;
    }

    private static synchronized ExecutorModel loaded(ModelHandle handle) {
        if (loaded == null || !loaded.handle.key().equals(handle.key())) {
            if (loaded != null) {
                loaded.close();
                loaded = null;
            }
            loaded = new ExecutorModel(handle, null, load(handle));
        }
        return loaded;
    }

    LanguageModel model() {
        LanguageModel model = lent == null ? own : lent.get();
        if (model == null) {
            throw new LorikeetException(
                    "The model of these rows is no longer there; keep it in a variable until they are computed");
        }
        return model;
    }

    /** What of the model must be the driver's; computed once, before the model is used. */
    synchronized ModelFacts facts() {
        if (facts == null) {
            facts = ModelFacts.of(model());
        }
        return facts;
    }

    /** What uses the model in this process, made once; closed before the model is. */
    synchronized <T extends AutoCloseable> T user(Class<T> type, Function<LanguageModel, T> maker) {
        if (!type.isInstance(user)) {
            closeUser();
            user = maker.apply(model());
        }
        return type.cast(user);
    }

    private void closeUser() {
        if (user != null) {
            try {
                user.close();
            } catch (Exception e) {
                throw new LorikeetException("What used the model could not be closed: " + e.getMessage(), e);
            } finally {
                user = null;
            }
        }
    }

    private synchronized void close() {
        try {
            closeUser();
        } finally {
            if (own != null) {
                own.close();
            }
        }
    }

    private static LanguageModel load(ModelHandle handle) {
        Path folder = folder(handle);
        try {
            String base = folder.resolve(ModelHandle.BASE).toString();
            if (handle.adapter().isEmpty()) {
                return whole(handle, base);
            }
            LanguageModel model = withNewHead(Models.load(base, handle.dtype()), handle.task());
            Lora.load(folder.resolve(ModelHandle.ADAPTER), model, handle.adapter());
            return model;
        } finally {
            if (handle.folder() == null) {
                AtomicFolders.delete(folder);
            }
        }
    }

    /** A model whose head the adapter brings. */
    private static LanguageModel withNewHead(PretrainedModel base, TaskSettings task) {
        return switch (task.kind()) {
            case "model" -> base;
            case "classifier" -> set(base.classifier(task.labels()), task);
            case "regressor" -> base.regressor(task.labels().get(0));
            case "tagger" -> base.taggerOf(task.labels());
            default -> throw unknown(task);
        };
    }

    private static LanguageModel whole(ModelHandle handle, String folder) {
        return switch (handle.task().kind()) {
            case "model" -> Models.load(folder, handle.dtype());
            case "classifier" -> set(Models.classifier(folder, handle.dtype()), handle.task());
            case "regressor" -> Models.regressor(folder, handle.dtype());
            case "tagger" -> Models.tagger(folder, handle.dtype());
            default -> throw unknown(handle.task());
        };
    }

    private static LorikeetException unknown(TaskSettings task) {
        return new LorikeetException(
                "The driver sends a %s, which this executor's lorikeet-spark does not know; give both the same version"
                        .formatted(task.kind()));
    }

    private static Classifier set(Classifier classifier, TaskSettings task) {
        if (task.multiLabel()) {
            classifier.multiLabel();
        }
        classifier.padTo(task.paddedLength());
        return classifier.pooling(Classifier.Pooling.valueOf(task.pooling()));
    }

    /** The folder of the files; sent ones are put together in one. */
    private static Path folder(ModelHandle handle) {
        return handle.folder() == null ? SentFiles.written(handle.files()) : Path.of(handle.folder());
    }
}
