package dev.lorikeet.bench;

import com.google.gson.Gson;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.Progress;
import dev.lorikeet.base.file.AtomicFiles;
import dev.lorikeet.data.Datasets;
import dev.lorikeet.text.Tokenizer;
import dev.lorikeet.text.TokenizerFiles;
import dev.lorikeet.text.Tokenizers;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/**
 * The messages of the SMS Spam Collection to ids, one after the other on one core, as all of the toolkit does it. Options as
 * {@code name=value}: model (a GGUF file), texts (file to write the messages to), tokenizer (folder to write the same tokenizer to
 * as transformers reads it), warm-up (10 passes), passes (20) of which the median counts.
 */
public final class Tokenise {

    private static final int MESSAGES = 5574;
    private static final int CONTEXT = 8192;

    private Tokenise() {}

    public static void main(String[] args) {
        Progress.showOn(Progress::silent);
        Options options = Options.parse(args);
        int passes = (int) options.whole("passes", 20);
        List<String> texts = Datasets.smsSpam().stringColumn("text").asList();
        if (texts.size() != MESSAGES) {
            throw new LorikeetException("Expected the " + MESSAGES + " real messages, not " + texts.size()
                    + "; set LORIKEET_DATA to the folder that has them, or go online");
        }
        if (options.has("texts")) {
            AtomicFiles.writeText(options.path("texts"), new Gson().toJson(texts));
        }
        Path model = options.path("model");
        if (options.has("tokenizer")) {
            // What transformers makes of the GGUF file itself cuts some rows of blanks before digits otherwise.
            TokenizerFiles.write(model, options.path("tokenizer"), CONTEXT);
        }
        try (Tokenizer tokenizer = Tokenizers.fromFile(model)) {
            for (long i = options.whole("warm-up", 10); i > 0; i--) {
                ids(tokenizer, texts);
            }
            double[] seconds = DoubleStream.generate(() -> seconds(tokenizer, texts))
                    .limit(passes)
                    .sorted()
                    .toArray();
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("stack", "Lorikeet");
            result.put("steps", passes);
            result.put("seconds", seconds[passes / 2]);
            result.put("tokens", ids(tokenizer, texts));
            System.out.println(new Gson().toJson(result));
        }
    }

    private static double seconds(Tokenizer tokenizer, List<String> texts) {
        long began = System.nanoTime();
        ids(tokenizer, texts);
        return (System.nanoTime() - began) / 1e9;
    }

    /** How many there are in all. */
    private static long ids(Tokenizer tokenizer, List<String> texts) {
        return texts.stream().mapToLong(text -> tokenizer.encode(text).length).sum();
    }
}
