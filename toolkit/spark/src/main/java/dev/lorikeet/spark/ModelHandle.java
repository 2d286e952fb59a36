package dev.lorikeet.spark;

import dev.lorikeet.spark.SentFiles.SentFile;
import dev.lorikeet.tensor.DType;
import java.io.Serializable;
import java.util.List;
import java.util.UUID;

/**
 * How an executor finds a model.
 *
 * @param key of the model, one for each time that one is sent
 * @param folder of the model's files, which every machine sees; null: the driver sends the files
 * @param files that the driver sends; none where there is a folder
 * @param expected what the model is; null for one that is lent
 * @param adapter the name of the adapter beside the base; empty: there is none
 * @param task of the model
 */
record ModelHandle(
        String key,
        String folder,
        List<SentFile> files,
        ModelFacts expected,
        String adapter,
        DType dtype,
        TaskSettings task)
        implements Serializable {

    static final String BASE = "base";
    static final String ADAPTER = "adapter";

    ModelHandle {
        files = List.copyOf(files);
    }

    /**
     * What a model's head is for.
     *
     * @param kind "model", "classifier", "regressor" or "tagger"
     * @param labels of the head
     * @param pooling of a classifier
     * @param paddedLength to which every text is padded; 0: to the longest of its batch
     */
    record TaskSettings(String kind, List<String> labels, boolean multiLabel, String pooling, int paddedLength)
            implements Serializable {}

    /** A model that is in the driver's own process, where all tasks are. */
    static ModelHandle lent(DType dtype) {
        return new ModelHandle("lent-" + UUID.randomUUID(), null, List.of(), null, "", dtype, null);
    }
}
