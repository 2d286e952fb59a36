package dev.lorikeet.model.input;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.lorikeet.model.block.ForwardContext;
import dev.lorikeet.model.block.ForwardContext.Reading;
import java.util.stream.LongStream;

/**
 * The states that a head reads. Where they are few, the last layer computes no others after its attention, which spares most of its
 * work.
 *
 * @param all as row numbers of the flattened (batch · time), or of texts where their means are read
 * @param areFew whether the last layer gives these alone
 */
public record StateRows(long[] all, boolean areFew) {

    /** The states of an input that a head reads. */
    public static StateRows of(ModelInput input, long... rows) {
        long positions = (long) input.ids().length * input.ids()[0].length;
        return new StateRows(rows, input.reading() != Reading.MEAN && 2L * rows.length <= positions);
    }

    /** The context of a pass in which the last layer gives these states, or all. */
    public ForwardContext in(ForwardContext context, NDManager scope) {
        return areFew ? context.wanted(scope.create(all)) : context;
    }

    /** Some of the states as rows of what the last layer gives, int64. */
    public NDArray range(NDManager scope, int from, int to) {
        LongStream rows = LongStream.range(from, to);
        return scope.create((areFew ? rows : rows.map(i -> all[(int) i])).toArray());
    }
}
