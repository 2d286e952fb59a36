package dev.lorikeet.model;

import ai.djl.Device;
import ai.djl.ndarray.NDList;
import ai.djl.training.ParameterStore;

/** What a fused operation takes as a list of arrays; see {@link dev.lorikeet.tensor.Ops}. */
interface Operand {

    NDList parts(ParameterStore store, Device device, boolean training);

    /** For a pass that is not recorded and has few rows: the same, or what computes the same faster. */
    default NDList partsForFewRows(ParameterStore store, Device device) {
        return parts(store, device, false);
    }
}
