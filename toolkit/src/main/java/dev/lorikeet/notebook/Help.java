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
                            "read a file: csv, tsv, jsonl, json or txt",
                            "var table = Datasets.read(Path.of(\"my.csv\"));"),
                    call("take a set that comes with the toolkit", "var sms = Datasets.smsSpam();"),
                    call("split labelled texts", "var splits = TextData.of(sms, \"label\").split(0.7, 0.1);"),
                    call(
                            "take texts to learn from",
                            "var texts = Documents.of(Datasets.posts(), \"document\").length(256).batch(4);"),
                    call(
                            "take instructions and answers",
                            "var chats = Documents.of(Conversations.ofInstructions(Datasets.instructions()));")),
            topic(
                    "models",
                    call("load one by name, folder or file", "var model = Models.load(\"smollm2-135m\");"),
                    call("load one in 4 bits", "var small = Models.load(\"smollm2-135m\", Quantization.NF4);"),
                    call("put a classifier on it", "var classifier = model.classifier(\"ham\", \"spam\");"),
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
                    call("train a language model", "var tuned = FineTune.of(small).on(texts).epochs(1).run();"),
                    call("learn the answers only", "FineTune.of(small).on(chats.completionOnly()).run()"),
                    call("estimate the memory first", "FineTune.of(small).on(texts).estimate()"),
                    call(
                            "save as you go, and resume",
                            "FineTune.of(small).on(texts).saveEvery(100, Path.of(\"checkpoints\")).resume()")),
            topic(
                    "evaluation",
                    call("measure a classifier on all splits", "Evaluation.of(classifier).on(splits)"),
                    call("see which labels it confuses", "Evaluation.of(classifier).confusion(splits.test())"),
                    call("measure a language model", "Evaluation.of(small).on(texts)")),
            topic(
                    "generation",
                    call("continue a text", "small.generate(\"Once upon a time\", 50)"),
                    call("answer a question", "small.answer(\"Who was Ada?\", GenerationConfig.greedy(100))"),
                    call("classify a text", "classifier.classify(\"You have won a prize\")")),
            topic(
                    "saving",
                    call("save the adapter in PEFT's layout", "lora.save(Path.of(\"spam-adapter\"));"),
                    call("load it again", "var loaded = Lora.load(Path.of(\"spam-adapter\"), classifier);"),
                    call("merge it into the weights", "lora.merge();"),
                    call("save the whole model", "model.save(Path.of(\"my-model\"))"),
                    call("export for llama.cpp", "model.saveGguf(Path.of(\"my-model.gguf\"), GgufType.Q8_0)")),
            topic(
                    "plots",
                    call("losses of a run", "Plots.losses(run)"),
                    call("several runs", "Plots.compare(run, tuned)"),
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
