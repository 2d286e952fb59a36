package dev.lorikeet.spark;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.HtmlTable;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.Renderable;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.data.Documents;
import dev.lorikeet.model.Adapter;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.generate.GenerationConfig;
import dev.lorikeet.spark.GradientFunction.GradientSettings;
import dev.lorikeet.train.TrainingPlan;
import dev.lorikeet.train.loss.Loss;
import dev.lorikeet.train.step.GradientSource;
import dev.lorikeet.train.step.GradientSources;
import dev.lorikeet.train.step.MemoryOptions;
import dev.lorikeet.train.sweep.Trial;
import dev.lorikeet.train.sweep.TrialRunner;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import tech.tablesaw.api.Table;

/**
 * A Spark cluster that computes for a model of this process. A training goes there with {@code FineTune.of(model).on(data)
 * .accumulate(8).over(SparkCluster.of(spark)).run()}: each update is a Spark job with a task for each micro-batch, and this process adds
 * the gradients and steps. Losses and adapter are those of a training without a cluster, whatever executors come and go.
 *
 * <p>On {@code local[*]} the tasks use the model of this process. On other clusters each executor gets a copy of the model, once.
 */
public final class SparkCluster implements GradientSources, TrialRunner, Renderable {

    private static final String SENDING = "Sending the model";

    private final SparkSession spark;
    private final Optional<Path> sharedFolder;
    private final Grouping grouping;
    private final AtomicReference<StepTimes> latest;

    private SparkCluster(
            SparkSession spark, Optional<Path> sharedFolder, Grouping grouping, AtomicReference<StepTimes> latest) {
        this.spark = spark;
        this.sharedFolder = sharedFolder;
        this.grouping = grouping;
        this.latest = latest;
    }

    /** Takes the cluster of a Spark session. */
    public static SparkCluster of(SparkSession spark) {
        return new SparkCluster(
                BadArgumentException.required(spark, "spark"),
                Optional.empty(),
                new Grouping(0, false),
                new AtomicReference<>());
    }

    /**
     * Starts Spark in this process, one task for the whole machine at a time, for trying out what will run on a cluster. Spark's own lines
     * are left out but for warnings.
     *
     * @throws LorikeetException if this process has a session with another master, or finds other classes in place of Spark's
     */
    public static SparkCluster local() {
        return start("local[1]", Map.of());
    }

    /**
     * Starts Spark with executors that are processes of their own on this machine, as on a cluster.
     *
     * @param cores of each executor
     * @param megabytes of each executor's heap; the model stands beside it, outside of the heap
     * @throws LorikeetException as {@link #local} does
     */
    public static SparkCluster localExecutors(int executors, int cores, int megabytes) {
        BadArgumentException.unless(executors >= 1, "executors", executors, "at least 1");
        BadArgumentException.unless(cores >= 1, "cores", cores, "at least 1");
        BadArgumentException.unless(megabytes >= 512, "megabytes", megabytes, "at least 512, such as 1024");
        return start(
                "local-cluster[%d,%d,%d]".formatted(executors, cores, megabytes),
                Map.of(
                        "spark.executor.memory",
                        megabytes + "m",
                        "spark.task.cpus",
                        String.valueOf(cores),
                        "spark.executorEnv.OMP_NUM_THREADS",
                        String.valueOf(cores),
                        // Gradients do not shrink, and come back at once rather than when they are asked for.
                        "spark.broadcast.compress",
                        "false",
                        "spark.task.maxDirectResultSize",
                        "32m",
                        // Without an installation Spark finds its own jars this way alone.
                        "spark.executorEnv.SPARK_TESTING",
                        "1",
                        "spark.executorEnv.SPARK_SCALA_VERSION",
                        "2.13",
                        "spark.executor.extraClassPath",
                        System.getProperty("java.class.path")));
    }

    private static SparkCluster start(String master, Map<String, String> settings) {
        ClassPath.check();
        SparkSession.Builder builder = SparkSession.builder()
                .master(master)
                .appName("Lorikeet")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1");
        settings.forEach(builder::config);
        SparkSession spark = builder.getOrCreate();
        String found = spark.sparkContext().master();
        if (!found.equals(master)) {
            throw new LorikeetException(
                    "This process has a Spark session at %s already; end it with cluster.spark().stop() to start one at %s"
                            .formatted(found, master));
        }
        spark.sparkContext().setLogLevel("WARN");
        return of(spark);
    }

    /** The session, for data and settings of Spark's own. */
    public SparkSession spark() {
        return spark;
    }

    /**
     * Hands the model to the executors in a folder that all machines see under the same path, for models too large to send to each;
     * otherwise the driver sends it.
     */
    public SparkCluster sharedFolder(Path folder) {
        return new SparkCluster(spark, Optional.of(BadArgumentException.required(folder, "folder")), grouping, latest);
    }

    /** Hands the model on as {@link #sharedFolder(Path)} does. */
    public SparkCluster sharedFolder(String folder) {
        return sharedFolder(Path.of(folder));
    }

    /**
     * Sets how many tasks an update has at most; unless set, one for each micro-batch, which balances best. Losses and weights are the
     * same.
     */
    public SparkCluster tasksPerStep(int value) {
        BadArgumentException.unless(value >= 1, "tasksPerStep", value, "at least 1");
        return new SparkCluster(spark, sharedFolder, new Grouping(value, grouping.sums()), latest);
    }

    /**
     * Lets each task add up its gradients and send their sum, for large adapters on slow networks; set {@link #tasksPerStep} to the number
     * of executors with it. Losses and weights then differ from those of one process in the last digits.
     */
    public SparkCluster sumPerTask() {
        return new SparkCluster(spark, sharedFolder, new Grouping(grouping.tasks(), true), latest);
    }

    /** Opens the cluster for a training; {@link dev.lorikeet.train.FineTune#over} calls it. */
    @Override
    public GradientSource open(LanguageModel model, Loss loss, MemoryOptions memory) {
        JavaSparkContext context = context();
        StepTimes times = new StepTimes();
        latest.set(times);
        if (context.isLocal()) {
            return SparkGradients.inThisProcess(context, model, loss, memory, grouping, times);
        }
        checkCanBeSent(model, loss);
        return Jobs.interruptibly(SENDING, () -> sent(context, model, loss, memory, times));
    }

    private GradientSource sent(
            JavaSparkContext context, LanguageModel model, Loss loss, MemoryOptions memory, StepTimes times) {
        ModelShipment shipment = ModelShipment.of(context, model, sharedFolder);
        boolean opened = false;
        try {
            Executors.check(context, shipment.handle());
            GradientSource source = SparkGradients.onExecutors(
                    context, model, shipment, new GradientSettings(loss, memory), grouping, times);
            opened = true;
            return source;
        } finally {
            if (!opened) {
                shipment.close();
            }
        }
    }

    /**
     * Runs the trials of a sweep, a task each; {@link dev.lorikeet.train.sweep.Sweep#over} calls it. On {@code local[*]}, where all share a
     * model, they run one after another.
     */
    @Override
    public void run(TrainingPlan plan, List<Trial> trials, Listener listener) {
        JavaSparkContext context = context();
        if (context.isLocal()) {
            TrialRunner.here(plan, trials, listener);
            return;
        }
        checkCanBeSent(plan.settings().loss());
        Jobs.interruptibly("A sweep", () -> {
            try (ModelShipment shipment = ModelShipment.of(context, plan.model(), sharedFolder)) {
                Executors.check(context, shipment.handle());
                new SparkTrials(context, plan, listener).run(shipment.handle(), trials);
            }
        });
    }

    private static void checkCanBeSent(Loss loss) {
        BadArgumentException.unless(
                loss instanceof Record && loss instanceof Serializable,
                "loss",
                loss,
                "one of Loss's own, since code of a notebook's cell cannot be sent to executors");
    }

    private static void checkCanBeSent(LanguageModel model, Loss loss) {
        checkCanBeSent(loss);
        long adapters = model.adapters().list().stream()
                .filter(adapter -> adapter.state() == Adapter.State.ACTIVE)
                .mapToLong(adapter -> adapter.trainableParameters().trainable())
                .sum();
        long trained = model.parameterCount().trainable();
        BadArgumentException.unless(
                trained == adapters,
                "trained parameters",
                String.format(Locale.ROOT, "%,d", trained),
                String.format(
                        Locale.ROOT,
                        "the %,d of an adapter, which is what executors train; Lora.rank(8).inject(model) puts one on",
                        adapters));
    }

    /**
     * Classifies the texts of a column.
     *
     * @param model as it is now; on {@code local[*]} as it is when the rows are computed
     * @return the rows with the columns "predicted" and "confidence" (0 to 1), null where the text is; computed anew at each action, so
     *     {@link #store} what is read more than once
     * @throws UnknownNameException if there is no such column
     */
    public Dataset<Row> classify(Classifier model, Dataset<Row> rows, String textColumn) {
        return with(model, rows, textColumn, new Classifying());
    }

    /**
     * Computes the vectors of the texts of a column, as {@link LanguageModel#embedder} does.
     *
     * @return the rows with the column "embedding", an array of floats; see {@link #classify}
     */
    public Dataset<Row> embed(LanguageModel model, Dataset<Row> rows, String textColumn) {
        return with(model, rows, textColumn, new Embedding());
    }

    /**
     * Answers the questions of a column, or goes on with its conversations, in the form of the model's chat template. A row's draws depend
     * on the seed of the settings and on its own text alone, so that the same rows give the same answers however they are spread.
     *
     * @param column of strings, or of arrays of structs with a "role" and a "content"
     * @return the rows with the column "answer"; see {@link #classify}
     */
    public Dataset<Row> answer(PretrainedModel model, Dataset<Row> rows, String column, GenerationConfig settings) {
        model.tokenizer().chat();
        return with(model, rows, column, new Answering("answer", true, settings));
    }

    /** Continues the texts of a column as {@link #answer} does, without a chat template; adds the column "continuation". */
    public Dataset<Row> generate(PretrainedModel model, Dataset<Row> rows, String column, GenerationConfig settings) {
        return with(model, rows, column, new Answering("continuation", false, settings));
    }

    /**
     * Tokenises rows for a training, as {@link Documents} does: {@code FineTune.of(model).on(Documents.of(Datasets.read(folder)))} trains on
     * what {@link #store} writes to the folder. Only the tokenizer is sent, with its chat template. Whatever the partitions are, the rows are
     * the same; but {@link TokenSettings#packed} packs the rows of 4,096 texts of a partition at a time, so that what lies in one row depends
     * on the partitions. If prompts and completions are recognised by their names and no separator is set, they are read once to decide it.
     *
     * @return rows with the columns "input_ids", "labels" (-100 where nothing is learned), "segment_ids" (the index of the text in its row,
     *     0 unless packed) and "length", without the texts of which nothing is learned; see {@link #classify}
     * @throws UnknownNameException if there is no such column
     * @throws BadArgumentException if the form is not recognised by the names of the columns
     * @throws LorikeetException if the model lacks a chat template that the texts need, or its tokenizer came from no file
     */
    public Dataset<Row> tokenize(LanguageModel model, Dataset<Row> rows, TokenSettings settings) {
        BadArgumentException.required(model, "model").checkOpen();
        BadArgumentException.required(settings, "settings");
        return new Tokenizing(BadArgumentException.required(rows, "rows"), settings).with(context(), model);
    }

    private Dataset<Row> with(LanguageModel model, Dataset<Row> rows, String column, RowModel says) {
        BadArgumentException.required(model, "model").checkOpen();
        ModelRows made = new ModelRows(BadArgumentException.required(rows, "rows"), column, says);
        return made.with(handle(model));
    }

    /** The rows of a Tablesaw table: text, whole and other numbers, truth values; columns of another type become text. */
    public Dataset<Row> rows(Table table) {
        return TableRows.rows(spark, BadArgumentException.required(table, "table"));
    }

    /** Rows as a Tablesaw table in this process's memory, for charts; columns that are no numbers and no truth values become text, lists and objects JSON. */
    public static Table table(Dataset<Row> rows) {
        BadArgumentException.required(rows, "rows");
        return Jobs.interruptibly("Reading rows", () -> TableRows.table(rows));
    }

    /** Rows outlive this call, and so do the model's files: until this process ends. */
    private ModelHandle handle(LanguageModel model) {
        JavaSparkContext context = context();
        if (context.isLocal()) {
            ModelHandle handle = ModelHandle.lent(model.computeDtype());
            ExecutorModel.lend(handle, model);
            return handle;
        }
        ModelShipment shipment = Jobs.interruptibly(SENDING, () -> ModelShipment.of(context, model, sharedFolder));
        shipment.closeAtExit();
        return shipment.handle();
    }

    /**
     * Writes rows to Parquet and reads them from there: what they were computed with runs once.
     *
     * @param folder a new one, on storage that every machine sees
     */
    public Dataset<Row> store(Dataset<Row> rows, String folder) {
        BadArgumentException.required(rows, "rows");
        BadArgumentException.required(folder, "folder");
        return Jobs.interruptibly("Storing rows", () -> {
            rows.write().parquet(folder);
            return spark.read().parquet(folder);
        });
    }

    /** The context of the session. */
    JavaSparkContext context() {
        if (spark.sparkContext().isStopped()) {
            throw new LorikeetException("The Spark session is stopped; make a new one with SparkSession.builder()");
        }
        return new JavaSparkContext(spark.sparkContext());
    }

    /**
     * The seconds that an update of the latest training took beside the computation of its busiest executor, the median of all updates; 0
     * before there was one.
     */
    public double overhead() {
        StepTimes times = latest.get();
        return times == null ? 0 : times.overhead();
    }

    /** Spark's version and address, and how long the updates of the latest training took. */
    @Override
    public String toString() {
        String where =
                "Spark %s at %s".formatted(spark.version(), spark.sparkContext().master());
        StepTimes times = latest.get();
        return times == null || times.count() == 0 ? where : where + ": " + times;
    }

    @Override
    public String html() {
        return HtmlTable.escape(toString());
    }
}
