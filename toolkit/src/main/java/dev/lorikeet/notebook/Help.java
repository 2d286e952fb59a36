package dev.lorikeet.notebook;

import dev.lorikeet.base.HtmlStyles;
import dev.lorikeet.base.HtmlTable;
import dev.lorikeet.base.Renderable;
import dev.lorikeet.base.UnknownNameException;
import java.util.List;

/**
 * What the toolkit offers, by task: a table in a notebook, lines in a console.
 *
 * @param topics the tasks, in the order in which one does them
 */
public record Help(List<Topic> topics) implements Renderable {

    /** A task and the calls for it. */
    public record Topic(String name, List<HelpLine> calls) {}

    /** A line of code, and what it does in a few words. */
    public record HelpLine(String what, String code) {}

    /** Every line compiles after those before it; a test holds that. */
    static final Help ALL = new Help(List.of(
            topic(
                    "data",
                    call(
                            "read a file: csv, tsv, jsonl, json, parquet or txt",
                            "var letters = Datasets.read(\"letters.csv\");"),
                    call("read a data set of the hub", "var reviews = Datasets.load(\"owner/name\", \"train\");"),
                    call(
                            "split labelled texts, each part with each label's share",
                            "var splits = TextData.of(letters, \"letter\", \"subject\").split(0.7, 0.1);"),
                    call(
                            "take questions and answers from two columns",
                            "var pairs = Conversations.of(Datasets.read(\"pairs.csv\"), \"question\", \"answer\");"),
                    call(
                            "make them documents, of which the answers are learned",
                            "var chats = Documents.of(pairs).completionOnly().batch(4);"),
                    call(
                            "take texts to learn from",
                            "var texts = Documents.of(Datasets.posts(), \"document\").length(256).batch(4);")),
            topic(
                    "models",
                    call("load one by name, folder or file", "var model = Models.load(\"smollm2-135m\");"),
                    call("see a large one's size without loading it", "Models.shape(\"llama-2-7b\")"),
                    call("load one in 4 bits", "var small = Models.load(\"smollm2-135m\", Quantization.NF4);"),
                    call("put a classifier on it", "var classifier = model.classifier(splits.labels());"),
                    call(
                            "put a tagger on one, which finds names and places",
                            "var tagger = Models.load(\"minilm-l6-v2\").tagger(\"person\", \"place\");"),
                    call("see what it reads and learns of the documents", "chats.preview(small)"),
                    call("see its layers and sizes", "model.summary()")),
            topic(
                    "LoRA",
                    call("add an adapter", "var lora = Lora.rank(16).alpha(16).inject(classifier);"),
                    call(
                            "choose layers and dropout",
                            "var chosen = Lora.rank(8).on(\"q_proj\", \"v_proj\").dropout(0.05).inject(small);"),
                    call("count what is trained", "lora.trainableParameters()")),
            topic(
                    "training",
                    call(
                            "train a classifier",
                            "var run = FineTune.of(classifier).on(splits).epochs(3).batchSize(8).learningRate(2e-4).run();"),
                    call("train a language model", "var tuned = FineTune.of(small).on(chats).epochs(1).run();"),
                    call(
                            "let rare labels count as much as frequent ones",
                            "FineTune.of(classifier).on(splits).balancedClassWeights().run();"),
                    call("find a learning rate first", "FineTune.of(small).on(texts).findLearningRate()"),
                    call(
                            "try several settings on a model without an adapter",
                            "var swept = Sweep.of(FineTune.of(model).on(texts).epochs(1)).ranks(4, 16).learningRates(1e-4, 1e-3).run();"),
                    call(
                            "minimise something else",
                            "FineTune.of(small).on(texts).loss(Loss.labelSmoothing(0.1)).run();"),
                    call("estimate the memory first", "FineTune.of(small).on(texts).estimate()"),
                    call(
                            "save as you go, and resume",
                            "FineTune.of(small).on(texts).saveEvery(100, \"checkpoints\").resume()")),
            topic(
                    "evaluation",
                    call("measure a classifier on all splits", "Evaluation.of(classifier).on(splits)"),
                    call("see precision, recall and F1", "Evaluation.of(classifier).report(splits.test())"),
                    call("see the rows it got wrong", "Evaluation.of(classifier).mistakes(splits.test())"),
                    call("see which labels it confuses", "Evaluation.of(classifier).confusion(splits.test())"),
                    call("see how sure it may be", "Evaluation.of(classifier).calibration(splits.test())"),
                    call("measure a language model", "Evaluation.of(small).on(texts)")),
            topic(
                    "generation",
                    call("continue a text", "small.generate(\"Once upon a time\", 50)"),
                    call("answer a question", "small.answer(\"Who was Ada?\")"),
                    call("talk to it", "small.chat().say(\"Hello!\")"),
                    call("classify a text", "classifier.classify(\"Are you open on Sunday?\")"),
                    call("classify the rows of a table", "classifier.classify(letters, \"letter\")"),
                    call("find names and places", "tagger.tag(\"Ada was born in London.\")")),
            topic(
                    "saving",
                    call("save the adapter in PEFT's layout", "lora.save(\"letters-adapter\");"),
                    call("load a classifier again", "var loaded = Models.classifier(\"letters-adapter\");"),
                    call("load a language model again", "var again = Models.load(\"chat-adapter\");"),
                    call("merge and save the whole model", "loaded.merge().save(\"letters-model\")"),
                    call("export for llama.cpp", "again.merge().saveGguf(\"chat.gguf\", GgufType.Q8_0)")),
            topic(
                    "plots",
                    call("class sizes", "Plots.counts(letters, \"subject\")"),
                    call("losses of a run, or of several", "Plots.losses(run, tuned)"),
                    call("memory of a run", "Plots.memory(run)"),
                    call(
                            "a confusion matrix",
                            "Plots.confusion(Evaluation.of(classifier).confusion(splits.test()))"))));

    private static Topic topic(String name, HelpLine... calls) {
        return new Topic(name, List.of(calls));
    }

    private static HelpLine call(String what, String code) {
        return new HelpLine(what, code);
    }

    /** Returns one topic of this help. */
    Help only(String topic) {
        return topics.stream()
                .filter(each -> each.name().equalsIgnoreCase(topic))
                .findFirst()
                .map(each -> new Help(List.of(each)))
                .orElseThrow(() -> new UnknownNameException(
                        "topic", topic, topics.stream().map(Topic::name).toList()));
    }

    @Override
    public String html() {
        StringBuilder html = new StringBuilder("<div style=\"" + HtmlStyles.SCROLL + "margin: 4px 0\">");
        for (Topic topic : topics) {
            html.append("<div style=\"margin-top: 6px\"><b>")
                    .append(HtmlTable.escape(topic.name()))
                    .append("</b></div>");
            for (HelpLine call : topic.calls()) {
                html.append("<div style=\"padding-left: 1em\"><span style=\"color: " + HtmlStyles.FAINT + "\">")
                        .append(HtmlTable.escape(call.what()))
                        .append("</span><br><code style=\"white-space: pre-wrap; " + HtmlStyles.WRAP + "\">")
                        .append(HtmlTable.escape(call.code()))
                        .append("</code></div>");
            }
        }
        return html.append("</div>").toString();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Topic topic : topics) {
            text.append(text.isEmpty() ? "" : "\n").append(topic.name()).append('\n');
            topic.calls().forEach(call -> text.append("  // ")
                    .append(call.what())
                    .append("\n  ")
                    .append(call.code())
                    .append('\n'));
        }
        return text.toString();
    }
}
