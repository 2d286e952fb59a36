package dev.lorikeet.spark;

import dev.lorikeet.data.Documents;
import dev.lorikeet.data.Splits;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.Models;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.model.family.PublishedShapes;
import dev.lorikeet.text.Tokenizers;
import dev.lorikeet.train.FineTune;
import dev.lorikeet.train.Schedule;
import dev.lorikeet.train.TrainingRun;
import dev.lorikeet.train.step.TrainedParameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Small models and texts that they learn in a moment, and sessions to do it on. */
final class Toys {

    private static final ModelConfig SMALL =
            PublishedShapes.gpt2(64, 2, 2).change().contextLength(64).build();

    private Toys() {}

    static SparkSession session(String master) {
        return SparkSession.builder()
                .master(master)
                .appName("lorikeet")
                .config("spark.ui.enabled", false)
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.task.maxDirectResultSize", "32m")
                .config("spark.broadcast.compress", false)
                .config("spark.executorEnv.SPARK_TESTING", "1")
                .config("spark.executorEnv.SPARK_SCALA_VERSION", "2.13")
                .config("spark.executorEnv.SPARK_LOCAL_IP", "127.0.0.1")
                .config("spark.executor.extraClassPath", System.getProperty("java.class.path"))
                .getOrCreate();
    }

    static PretrainedModel causal() {
        return Models.random("toy", SMALL, Tokenizers.gpt2(), 7);
    }

    static <M extends LanguageModel> M adapted(M model, double dropout) {
        Lora.rank(4).dropout(dropout).seed(5).inject(model);
        return model;
    }

    static Classifier classifier(double dropout) {
        return adapted(causal().classifier("ham", "spam"), dropout);
    }

    static Table table(int rows) {
        String[] words = {"win", "cash", "see", "you", "prize", "home", "tonight", "claim"};
        List<String> labels = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            labels.add(i % 3 == 0 ? "spam" : "ham");
            texts.add(
                    words[i % 8] + " " + words[i * 3 % 8] + (i % 2 == 0 ? " now, " : " ") + words[i * 5 % 7] + " " + i);
        }
        return Table.create("toy", StringColumn.create("label", labels), StringColumn.create("text", texts));
    }

    static Splits splits(int train, int validation) {
        return new Splits(table(train), table(validation), table(0));
    }

    static Documents documents(int rows) {
        return Documents.of(table(rows), "text").length(24).batch(2);
    }

    /** Every number of a run that follows from its gradients. */
    static List<List<Double>> numbers(TrainingRun run) {
        return run.history().steps().stream()
                .map(step -> List.of(step.loss(), step.accuracy(), step.gradientNorm(), step.learningRate()))
                .toList();
    }

    static int weights(LanguageModel model) {
        return Arrays.hashCode(TrainedParameters.of(model).values());
    }

    static <T extends FineTune<T>> T settings(T tuning) {
        return tuning.epochs(2)
                .clipNorm(0.5)
                .schedule(Schedule.linear())
                .learningRate(5e-3)
                .quietly();
    }
}
