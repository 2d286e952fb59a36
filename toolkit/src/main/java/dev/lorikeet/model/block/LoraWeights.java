package dev.lorikeet.model.block;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;

/**
 * One low-rank change of a projection's weight: rows [firstRow, firstRow + rows) gain scale · BA (Hu et al. 2021). The
 * projection keeps it beside its weight and passes both to one fused call.
 */
public final class LoraWeights implements AutoCloseable {

    private final String adapter;
    private final String target;
    private final Parameter a;
    private final Parameter b;
    private final double scale;
    private final double dropout;
    private final long firstRow;
    private final NDManager host;
    private final NDArray settings;

    /**
     * @param adapter the name of the adapter that this is part of
     * @param target the name by which it was targeted: the projection's, or a slice of it such as "query"
     * @param a (rank, in), float32
     * @param b (rows, rank), float32
     * @param scale factor on BA
     * @param dropout probability of zeroing an input of A while training
     * @param firstRow first output row that it changes
     */
    public LoraWeights(
            String adapter, String target, Parameter a, Parameter b, double scale, double dropout, long firstRow) {
        this.adapter = adapter;
        this.target = target;
        this.a = a;
        this.b = b;
        this.scale = scale;
        this.dropout = dropout;
        this.firstRow = firstRow;
        this.host = a.getArray().getManager().newSubManager(Device.cpu());
        this.settings = host.create(new double[] {scale, dropout, firstRow});
    }

    public String adapter() {
        return adapter;
    }

    public String target() {
        return target;
    }

    public Parameter a() {
        return a;
    }

    public Parameter b() {
        return b;
    }

    public double scale() {
        return scale;
    }

    public double dropout() {
        return dropout;
    }

    public long firstRow() {
        return firstRow;
    }

    public long rank() {
        return a.getShape().get(0);
    }

    /** The number of output rows that it changes. */
    public long rows() {
        return b.getShape().get(0);
    }

    NDArray settings() {
        return settings;
    }

    /** As {@link #settings()}, in {@code manager}, where the projection's output begins at a row of something larger. */
    NDArray settings(NDManager manager, long row) {
        return manager.create(new double[] {scale, dropout, row + firstRow});
    }

    @Override
    public void close() {
        a.close();
        b.close();
        host.close();
    }
}
