package dev.lorikeet.tensor.format;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/**
 * What the script is told of a stored weight, in the order that {@code script/constants.py} names.
 *
 * @param auxiliary how many auxiliary tensors follow the weight
 * @param offset added to a stored value before it is scaled
 * @param groupSize weights that share a scale
 */
record Descriptor(WeightFormat format, Shape shape, int auxiliary, int offset, long groupSize) {

    /** A float64 array on the CPU, whatever the manager's device. */
    NDArray array(NDManager manager) {
        long rows = shape.dimension() == 0 ? 0 : shape.get(0);
        long columns = shape.dimension() == 0 ? 0 : shape.get(1);
        return manager.create(new double[] {format.id(), rows, columns, auxiliary, offset, groupSize})
                .toDevice(Device.cpu(), false);
    }
}
