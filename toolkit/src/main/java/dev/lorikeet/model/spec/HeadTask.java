package dev.lorikeet.model.spec;

/** What a head says that was made for a task. */
public enum HeadTask {
    /** One label of each text. */
    ONE_LABEL("ForSequenceClassification", "single_label_classification", "SEQ_CLS"),
    /** Any number of labels of each text. */
    SEVERAL_LABELS("ForSequenceClassification", "multi_label_classification", "SEQ_CLS"),
    /** A number for each text. */
    NUMBER("ForSequenceClassification", "regression", "SEQ_CLS"),
    /** A label of each word. */
    TAGS("ForTokenClassification", "", "TOKEN_CLS");

    private final String architecture;
    private final String problem;
    private final String peft;

    HeadTask(String architecture, String problem, String peft) {
        this.architecture = architecture;
        this.problem = problem;
        this.peft = peft;
    }

    /** What the names of such classes in transformers end in. */
    public String architecture() {
        return architecture;
    }

    /** The "problem_type" in transformers' config.json; empty without one. */
    public String problem() {
        return problem;
    }

    /** PEFT's task type. */
    public String peft() {
        return peft;
    }

    /** Whether the head sees each token; else one state for each text. */
    public boolean readsTokens() {
        return this == TAGS;
    }

    /** What a model with such a head is called. */
    public String model() {
        return switch (this) {
            case ONE_LABEL, SEVERAL_LABELS -> "classifier";
            case NUMBER -> "regressor";
            case TAGS -> "tagger";
        };
    }
}
