package dev.lorikeet.train.loss;

/** What the right answers are from which a {@link Loss} is computed. */
public enum LabelKind {
    /** One class of each row, as int64 (rows). */
    CLASS("one class for each text or token"),
    /** Any number of classes of each row, as float32 (rows, classes) of 0 and 1. */
    CLASSES("any number of labels for each text"),
    /** A number for each row, as float32 (rows, 1). */
    NUMBER("a number for each text");

    private final String words;

    LabelKind(String words) {
        this.words = words;
    }

    @Override
    public String toString() {
        return words;
    }
}
