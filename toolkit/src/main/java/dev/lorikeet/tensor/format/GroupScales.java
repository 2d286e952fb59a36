package dev.lorikeet.tensor.format;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;

/** The scales of a matrix's groups, and their minima where the layout has some. */
final class GroupScales {

    private final GroupLayout layout;
    private final float[] scales;
    private final float[] minima;

    GroupScales(GroupLayout layout) {
        this.layout = layout;
        this.scales = new float[layout.groups()];
        this.minima = new float[layout.hasMinimum() ? scales.length : 0];
    }

    void put(int group, float scale, float minimum) {
        scales[group] = scale;
        if (layout.hasMinimum()) {
            minima[group] = minimum;
        }
    }

    /** Scales, and minima if there are any. */
    NDList arrays(NDManager manager) {
        NDList arrays = new NDList(array(scales, manager));
        if (layout.hasMinimum()) {
            arrays.add(array(minima, manager));
        }
        return arrays;
    }

    private NDArray array(float[] values, NDManager manager) {
        NDArray wide = manager.create(values);
        if (layout.scaleType() == DataType.FLOAT32) {
            return wide;
        }
        try (wide) {
            return wide.toType(layout.scaleType(), true);
        }
    }
}
