package dev.lorikeet.model;

import ai.djl.Device;
import ai.djl.ndarray.NDList;

/** What a fused operation takes as a list of arrays; see {@link dev.lorikeet.tensor.Ops}. */
interface Operand {

    NDList parts(Pass pass, Device device);

    /** For a pass that is not recorded and has few rows: the same, or what computes the same faster. */
    default NDList partsForFewRows(Pass pass, Device device) {
        return parts(pass, device);
    }
}
