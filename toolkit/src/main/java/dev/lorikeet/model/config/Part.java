package dev.lorikeet.model.config;

import ai.djl.ndarray.types.Shape;
import java.util.Set;

/** The parts that a transformer is made of; a family has some of them. */
public enum Part {
    /** The table of token vectors. */
    TOKENS,
    /** The table of learned position vectors. */
    POSITIONS,
    /** The table of vectors that tell the first text of a pair from the second. */
    TOKEN_TYPES,
    /** The norm of what goes into the first layer. */
    EMBEDDING_NORM,
    ATTENTION_NORM,
    QUERY,
    KEY,
    VALUE,
    /** Query, key and value as one projection, in this order. */
    QUERY_KEY_VALUE,
    /** The norm of each head's queries. */
    QUERY_NORM,
    KEY_NORM,
    /** The norm of all heads' queries together. */
    WHOLE_QUERY_NORM,
    WHOLE_KEY_NORM,
    /** The projection out of the attention. */
    ATTENTION_OUT,
    /** The norm of what attention adds to the residual stream. */
    ATTENTION_OUT_NORM,
    /** The norm of the residual stream with what attention has added. */
    ATTENTION_SUM_NORM,
    MLP_NORM,
    GATE,
    UP,
    /** Gate and up as one projection, in this order. */
    GATE_UP,
    DOWN,
    /** The norm of what the MLP adds to the residual stream. */
    MLP_OUT_NORM,
    /** The norm of the residual stream with what the MLP has added. */
    MLP_SUM_NORM,
    FINAL_NORM,
    /** The projection between an encoder and the head of a classifier. */
    POOLER,
    POOLER_NORM,
    HEAD;

    private static final Set<Part> BEFORE = Set.of(TOKENS, POSITIONS, TOKEN_TYPES, EMBEDDING_NORM);
    private static final Set<Part> AFTER = Set.of(FINAL_NORM, POOLER, POOLER_NORM, HEAD);

    private static final Set<Part> NORMS = Set.of(
            EMBEDDING_NORM,
            ATTENTION_SUM_NORM,
            MLP_SUM_NORM,
            POOLER_NORM,
            ATTENTION_NORM,
            QUERY_NORM,
            KEY_NORM,
            WHOLE_QUERY_NORM,
            WHOLE_KEY_NORM,
            ATTENTION_OUT_NORM,
            MLP_NORM,
            MLP_OUT_NORM,
            FINAL_NORM);

    /** Whether each layer has it. */
    public boolean isInLayer() {
        return !BEFORE.contains(this) && !AFTER.contains(this);
    }

    /** Whether data passes it before the first layer. */
    public boolean isBeforeLayers() {
        return BEFORE.contains(this);
    }

    public boolean isNorm() {
        return NORMS.contains(this);
    }

    /** Whether it is a table of vectors that ids are looked up in. */
    public boolean isTable() {
        return this == TOKENS || this == POSITIONS || this == TOKEN_TYPES;
    }

    /** Whether it may have a bias: {@link Biases} says of projections whether they do, and layer normalisation has one. */
    public boolean isBiased(ModelConfig config) {
        return switch (this) {
            case QUERY, KEY, VALUE, QUERY_KEY_VALUE -> config.biases().queryKeyValue();
            case ATTENTION_OUT -> config.biases().out();
            case GATE, UP, GATE_UP, DOWN -> config.biases().mlp();
            case POOLER -> config.encoder().map(EncoderConfig::poolerBias).orElse(false);
            case TOKENS, POSITIONS, TOKEN_TYPES, HEAD -> false;
            default -> config.norm() == NormKind.LAYER;
        };
    }

    /** The shape of its weight, projections (out, in). */
    public Shape shape(ModelConfig config) {
        long width = config.hiddenSize();
        long queries = (long) config.heads() * config.headDim();
        long keys = (long) config.keyValueHeads() * config.headDim();
        long mlp = config.intermediateSize();
        return switch (this) {
            case TOKENS, HEAD -> new Shape(config.vocabSize(), width);
            case POSITIONS -> new Shape(config.contextLength() + config.firstPosition(), width);
            case TOKEN_TYPES ->
                new Shape(config.encoder().map(EncoderConfig::tokenTypes).orElse(0), width);
            case POOLER -> new Shape(width, width);
            case QUERY -> new Shape(queries, width);
            case KEY, VALUE -> new Shape(keys, width);
            case QUERY_KEY_VALUE -> new Shape(queries + 2 * keys, width);
            case ATTENTION_OUT -> new Shape(width, queries);
            case GATE, UP -> new Shape(mlp, width);
            case GATE_UP -> new Shape(2 * mlp, width);
            case DOWN -> new Shape(width, mlp);
            case QUERY_NORM, KEY_NORM -> new Shape(config.headDim());
            case WHOLE_QUERY_NORM -> new Shape(queries);
            case WHOLE_KEY_NORM -> new Shape(keys);
            default -> new Shape(width);
        };
    }
}
