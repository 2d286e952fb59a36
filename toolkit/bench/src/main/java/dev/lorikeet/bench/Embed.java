package dev.lorikeet.bench;

import com.google.gson.Gson;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.Progress;
import dev.lorikeet.base.file.AtomicFiles;
import dev.lorikeet.data.Datasets;
import dev.lorikeet.model.Models;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.embed.Embedder;
import dev.lorikeet.model.embed.TextPooling;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/**
 * Questions of Banking77 to vectors: sentences a second, cutting them into tokens included. Options as {@code name=value}: model,
 * precision, sentences (1000), rounds (3) of which the median counts, after one that does not; texts (file to write the sentences
 * to), vectors (file to write their vectors to).
 */
public final class Embed {

    private Embed() {}

    public static void main(String[] args) {
        Progress.showOn(Progress::silent);
        Options options = Options.parse(args);
        int rounds = (int) options.whole("rounds", 3);
        List<String> texts = texts((int) options.whole("sentences", 1000));
        if (options.has("texts")) {
            AtomicFiles.writeText(options.path("texts"), new Gson().toJson(texts));
        }
        try (PretrainedModel model = Models.load(options.text("model", "minilm-l6-v2"), options.dtype())) {
            Embedder embedder = model.embedder().pooling(TextPooling.MEAN).normalized(true);
            float[][] vectors = embedder.embed(texts).toArray();
            if (options.has("vectors")) {
                AtomicFiles.writeText(options.path("vectors"), new Gson().toJson(vectors));
            }
            double[] paces = DoubleStream.generate(() -> pace(embedder, texts))
                    .limit(rounds)
                    .sorted()
                    .toArray();
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("stack", "Lorikeet");
            result.put("steps", rounds);
            result.put("sentences_per_second", paces[rounds / 2]);
            System.out.println(new Gson().toJson(result));
        }
    }

    private static List<String> texts(int count) {
        List<String> all = Datasets.banking77().stringColumn("text").asList();
        if (all.size() < count) {
            throw new LorikeetException("Expected at least " + count + " of the real questions, not " + all.size()
                    + "; set LORIKEET_DATA to the folder that has them, or go online");
        }
        return all.subList(0, count);
    }

    private static double pace(Embedder embedder, List<String> texts) {
        long began = System.nanoTime();
        embedder.embed(texts);
        return texts.size() / ((System.nanoTime() - began) / 1e9);
    }
}
