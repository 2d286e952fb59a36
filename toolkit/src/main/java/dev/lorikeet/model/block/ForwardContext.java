package dev.lorikeet.model.block;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;

/**
 * What one forward pass needs beside its inputs.
 *
 * @param store where the parameters' arrays are fetched
 * @param training whether autograd records the pass and dropout is on
 * @param paddingMask bool (batch, keys), false at padding; null when every token counts or all padding is on the right, where
 *     causal attention cannot see it
 * @param segmentIds int64 (batch, time), equal for the tokens of one text where several stand in a row, which then do not see
 *     each other and count their positions each from 0; null where a row is one text
 * @param cache earlier keys and values, or null
 * @param dequantized holds dequantized weights for the backward pass; null: each product dequantizes its own
 * @param reading how an encoder's states become logits
 * @param tokenTypes int64 (batch, time), which of its two texts each token of an encoder's row belongs to; null: all to the first
 * @param wanted int64, the rows of (batch · time) that the last layer computes; null: all
 */
public record ForwardContext(
        ParameterStore store,
        boolean training,
        NDArray paddingMask,
        NDArray segmentIds,
        KvCache cache,
        DequantizedLayerCache dequantized,
        Reading reading,
        NDArray tokenTypes,
        NDArray wanted) {

    /** A pass in which an encoder's states of single tokens pass the pooler. */
    public ForwardContext(
            ParameterStore store,
            boolean training,
            NDArray paddingMask,
            NDArray segmentIds,
            KvCache cache,
            DequantizedLayerCache dequantized) {
        this(store, training, paddingMask, segmentIds, cache, dequantized, Reading.POOLED, null, null);
    }

    /** A pass of whole texts without cache or left padding, on parameters that live where {@code manager} does. */
    public static ForwardContext of(NDManager manager, boolean training) {
        return of(new ParameterStore(manager, false), training);
    }

    static ForwardContext of(ParameterStore store, boolean training) {
        return new ForwardContext(store, training, null, null, null, null);
    }

    NDManager manager() {
        return store.getManager();
    }

    /** The array of the parameter that is used in a place. */
    NDArray value(ParameterSlot slot, Device device) {
        return store.getValue(slot.used(), device, training);
    }

    /** An adapter's A and B. */
    NDList values(LoraWeights delta, Device device) {
        return new NDList(store.getValue(delta.a(), device, training), store.getValue(delta.b(), device, training));
    }

    public ForwardContext paddingMask(NDArray value) {
        return new ForwardContext(store, training, value, segmentIds, cache, dequantized, reading, tokenTypes, wanted);
    }

    public ForwardContext segmentIds(NDArray value) {
        return new ForwardContext(store, training, paddingMask, value, cache, dequantized, reading, tokenTypes, wanted);
    }

    public ForwardContext cache(KvCache value) {
        return new ForwardContext(
                store, training, paddingMask, segmentIds, value, dequantized, reading, tokenTypes, wanted);
    }

    public ForwardContext dequantized(DequantizedLayerCache value) {
        return new ForwardContext(store, training, paddingMask, segmentIds, cache, value, reading, tokenTypes, wanted);
    }

    public ForwardContext reading(Reading value) {
        return new ForwardContext(
                store, training, paddingMask, segmentIds, cache, dequantized, value, tokenTypes, wanted);
    }

    public ForwardContext tokenTypes(NDArray value) {
        return new ForwardContext(store, training, paddingMask, segmentIds, cache, dequantized, reading, value, wanted);
    }

    public ForwardContext wanted(NDArray value) {
        return new ForwardContext(
                store, training, paddingMask, segmentIds, cache, dequantized, reading, tokenTypes, value);
    }

    boolean averages() {
        return reading == Reading.MEAN;
    }

    boolean pools() {
        return reading != Reading.TOKENS;
    }

    /** How an encoder's states become logits. */
    public enum Reading {
        /** Those of single tokens pass the pooler, one for each text. */
        POOLED,
        /** Their mean passes the pooler. */
        MEAN,
        /** Those of single tokens go to the head as they are. */
        TOKENS
    }
}
