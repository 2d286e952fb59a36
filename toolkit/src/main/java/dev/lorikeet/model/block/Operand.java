package dev.lorikeet.model.block;

import ai.djl.Device;
import ai.djl.ndarray.NDList;

/** What a fused operation takes as a list of arrays; see {@link dev.lorikeet.tensor.Ops}. */
interface Operand {

    NDList parts(ForwardContext context, Device device);
}
