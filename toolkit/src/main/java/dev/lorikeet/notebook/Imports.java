package dev.lorikeet.notebook;

import java.util.List;

/** The types that a notebook imports automatically: single types, because wildcards clash. Each takes a kernel about 10 ms. */
final class Imports {

    static final List<String> ALL = List.of(
            "ai.djl.Device",
            "ai.djl.ndarray.NDArray",
            "ai.djl.ndarray.NDList",
            "ai.djl.ndarray.NDManager",
            "ai.djl.ndarray.types.DataType",
            "ai.djl.ndarray.types.Shape",
            "dev.lorikeet.base.Progress",
            "dev.lorikeet.data.Batch",
            "dev.lorikeet.data.Batches",
            "dev.lorikeet.data.CausalBatch",
            "dev.lorikeet.data.CausalBatches",
            "dev.lorikeet.data.ChatForm",
            "dev.lorikeet.data.Conversations",
            "dev.lorikeet.data.Datasets",
            "dev.lorikeet.data.Documents",
            "dev.lorikeet.data.Example",
            "dev.lorikeet.data.Examples",
            "dev.lorikeet.data.Splits",
            "dev.lorikeet.data.TextData",
            "dev.lorikeet.lora.Bias",
            "dev.lorikeet.lora.Init",
            "dev.lorikeet.lora.Lora",
            "dev.lorikeet.lora.LoraAdapter",
            "dev.lorikeet.lora.LoraBuilder",
            "dev.lorikeet.lora.LoraConfig",
            "dev.lorikeet.lora.Targets",
            "static dev.lorikeet.lora.Targets.ALL_LINEAR",
            "static dev.lorikeet.lora.Targets.ALL_LINEAR_FUSED",
            "dev.lorikeet.memory.Memory",
            "dev.lorikeet.memory.MemoryEstimate",
            "dev.lorikeet.memory.MemoryListener",
            "dev.lorikeet.memory.MemoryReport",
            "dev.lorikeet.model.CausalModel",
            "dev.lorikeet.model.Chat",
            "dev.lorikeet.model.Classifier",
            "dev.lorikeet.model.generate.GenerationConfig",
            "dev.lorikeet.model.io.GgufType",
            "dev.lorikeet.model.Models",
            "dev.lorikeet.model.ModelShape",
            "dev.lorikeet.notebook.Lorikeet",
            "dev.lorikeet.plot.Axis",
            "dev.lorikeet.plot.Chart",
            "dev.lorikeet.plot.Plots",
            "dev.lorikeet.plot.Series",
            "dev.lorikeet.tensor.DType",
            "dev.lorikeet.tensor.Quantization",
            "dev.lorikeet.text.ChatTemplate",
            "dev.lorikeet.text.Message",
            "dev.lorikeet.text.Role",
            "dev.lorikeet.text.Tokenizer",
            "dev.lorikeet.text.Tokenizers",
            "dev.lorikeet.model.Prediction",
            "dev.lorikeet.train.Checkpoints",
            "dev.lorikeet.train.Evaluation",
            "dev.lorikeet.train.FineTune",
            "dev.lorikeet.train.History",
            "dev.lorikeet.train.MemoryBreakdown",
            "dev.lorikeet.train.Schedule",
            "dev.lorikeet.train.Totals",
            "dev.lorikeet.train.TrainingCheckpoint",
            "dev.lorikeet.train.TrainingRun",
            "dev.lorikeet.train.loss.Loss",
            "dev.lorikeet.train.score.Accuracies",
            "dev.lorikeet.train.score.Calibration",
            "dev.lorikeet.train.score.ConfusionMatrix",
            "dev.lorikeet.train.score.Score",
            "dev.lorikeet.train.score.TokenScore",
            "dev.lorikeet.train.step.AdamW",
            "dev.lorikeet.weights.Gguf",
            "dev.lorikeet.weights.Safetensors",
            "java.nio.file.Path",
            "tech.tablesaw.api.Table");

    private Imports() {}

    /** Returns the import statements. */
    static String source() {
        return ALL.stream().map(name -> "import " + name + ";\n").reduce("", String::concat);
    }
}
