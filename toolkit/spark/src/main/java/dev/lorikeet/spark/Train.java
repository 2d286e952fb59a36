package dev.lorikeet.spark;

import static dev.lorikeet.lora.Targets.ALL_LINEAR;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.data.Datasets;
import dev.lorikeet.data.Documents;
import dev.lorikeet.data.Splits;
import dev.lorikeet.data.TextData;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.Models;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.train.Evaluation;
import dev.lorikeet.train.FineTune;
import dev.lorikeet.train.TrainingRun;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;
import tech.tablesaw.api.Table;

/**
 * Trains an adapter on the cluster of {@code spark-submit}, whose driver reads the data. The arguments are a model, a file with a table, a
 * folder for the adapter, and settings as name=value: {@code text} and {@code label}, columns; without a label the model learns to write
 * such texts; {@code rank}, {@code epochs}, {@code batch}, {@code accumulate}, {@code rate}, {@code length} (tokens of a text that is
 * written), {@code seed}, and {@code checkpoints}, a folder from which a run that was killed goes on.
 */
public final class Train {

    private static final String CHECKPOINTS = "checkpoints";

    private static final int CHECKPOINT_EVERY = 50;

    private static final Map<String, String> USUAL = Map.ofEntries(
            Map.entry("text", "text"),
            Map.entry("label", ""),
            Map.entry("rank", "8"),
            Map.entry("epochs", "1"),
            Map.entry("batch", "4"),
            Map.entry("accumulate", "8"),
            Map.entry("rate", "2e-4"),
            Map.entry("length", "512"),
            Map.entry("seed", "123"),
            Map.entry(CHECKPOINTS, ""));

    private static final List<String> NUMBERS = List.of("rank", "epochs", "batch", "accumulate", "length", "seed");

    private final Map<String, String> settings = new TreeMap<>(USUAL);

    private Train(Collection<String> given) {
        for (String setting : given) {
            String name = setting.split("=", 2)[0];
            BadArgumentException.unless(setting.contains("="), "setting", setting, "name=value, such as rank=8");
            if (!USUAL.containsKey(name)) {
                throw new UnknownNameException("setting", name, settings.keySet());
            }
            settings.put(name, setting.substring(name.length() + 1));
        }
        // What cannot be read is said before a model is loaded.
        NUMBERS.forEach(this::number);
        rate();
    }

    /** Trains; see {@link Train}. */
    public static void main(String... args) {
        BadArgumentException.unless(
                args.length >= 3, "arguments", Arrays.toString(args), "MODEL DATA ADAPTER [name=value …]");
        Train train = new Train(Arrays.asList(args).subList(3, args.length));
        SparkCluster cluster =
                SparkCluster.of(SparkSession.builder().appName("Lorikeet").getOrCreate());
        Table table = Datasets.read(args[1]);
        if (train.settings.get("label").isEmpty()) {
            train.writer(cluster, args[0], table, Path.of(args[2]));
        } else {
            train.classifier(cluster, args[0], table, Path.of(args[2]));
        }
        System.out.println(cluster);
    }

    private void classifier(SparkCluster cluster, String name, Table table, Path adapter) {
        Splits splits =
                TextData.of(table, settings.get("text"), settings.get("label")).split(0.9, 0.05);
        try (Classifier model = Models.load(name).classifier(splits.labels())) {
            Lora.rank(number("rank")).on(ALL_LINEAR).inject(model);
            run(cluster, FineTune.of(model).on(splits).batchSize(number("batch")));
            System.out.println(Evaluation.of(model).on(splits));
            save(model, adapter);
        }
    }

    private void writer(SparkCluster cluster, String name, Table table, Path adapter) {
        try (PretrainedModel model = Models.load(name)) {
            Lora.rank(number("rank")).on(ALL_LINEAR).inject(model);
            Documents documents = Documents.of(table, settings.get("text"))
                    .length(Math.min(number("length"), model.config().contextLength()))
                    .batch(number("batch"));
            run(cluster, FineTune.of(model).on(documents));
            save(model, adapter);
        }
    }

    private <T extends FineTune<T>> void run(SparkCluster cluster, T tuning) {
        tuning.over(cluster)
                .epochs(number("epochs"))
                .accumulate(number("accumulate"))
                .learningRate(rate())
                .seed(number("seed"));
        String checkpoints = settings.get(CHECKPOINTS);
        TrainingRun run = checkpoints.isEmpty()
                ? tuning.run()
                : tuning.saveEvery(CHECKPOINT_EVERY, checkpoints).resume();
        System.out.println(run);
    }

    private static void save(LanguageModel model, Path adapter) {
        System.out.println(model.save(adapter));
    }

    private double rate() {
        try {
            return Double.parseDouble(settings.get("rate"));
        } catch (NumberFormatException e) {
            throw new BadArgumentException("rate", settings.get("rate"), "a number, such as 2e-4");
        }
    }

    private int number(String name) {
        String value = settings.get(name);
        BadArgumentException.unless(
                value.matches("\\d{1,9}"), name, value, "a whole number, such as " + USUAL.get(name));
        return Integer.parseInt(value);
    }
}
