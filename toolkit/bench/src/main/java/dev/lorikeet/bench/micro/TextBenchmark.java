package dev.lorikeet.bench.micro;

import dev.lorikeet.data.Batches;
import dev.lorikeet.data.CausalBatches;
import dev.lorikeet.data.Datasets;
import dev.lorikeet.data.Documents;
import dev.lorikeet.data.Examples;
import dev.lorikeet.text.Tokenizer;
import dev.lorikeet.text.Tokenizers;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;
import tech.tablesaw.api.Table;

/** The messages of the SMS Spam Collection, on their way to the model: tokens, then an epoch of batches of 8. */
public class TextBenchmark extends PartBenchmark {

    /** Whose tokenizer. */
    @Param({"gpt2", "smollm2"})
    public String vocabulary;

    private Tokenizer tokenizer;
    private List<String> texts;
    private Batches labelled;
    private CausalBatches packed;

    @Setup
    public void read() {
        tokenizer = vocabulary.equals("gpt2") ? Tokenizers.gpt2() : Tokenizers.fromFile(SmolLm2.file());
        Table messages = Datasets.smsSpam();
        texts = messages.stringColumn("text").asList();
        labelled = Batches.of(Examples.encode(messages, tokenizer, List.of("ham", "spam"), 1024))
                .shuffled(1);
        packed = Documents.of(messages, "text").shuffled(1).packed().batches(tokenizer);
    }

    @Benchmark
    public long tokenise() {
        return texts.stream().mapToLong(text -> tokenizer.encode(text).length).sum();
    }

    @Benchmark
    public int labelledBatches() {
        return labelled.epoch(0).size();
    }

    @Benchmark
    public int packedBatches() {
        return packed.epoch(0).size();
    }

    @TearDown
    public void close() {
        tokenizer.close();
    }
}
