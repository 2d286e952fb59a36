package dev.lorikeet.data;

import dev.lorikeet.base.BadArgumentException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * The shares of the rows for training and for validation; the rest is for the test.
 *
 * @param train above 0
 * @param validation with {@code train} at most 1
 */
public record Shares(double train, double validation) {

    /** The seed of splits, unless another is given. */
    public static final long SEED = 123;

    private static final double ROUNDING = 1e-9;

    public Shares {
        BadArgumentException.unless(train > 0 && train <= 1, "train", train, "a share above 0 and up to 1");
        BadArgumentException.unless(
                validation >= 0 && train + validation <= 1 + ROUNDING,
                "validation",
                validation,
                "0 or more, and with train (" + train + ") at most 1");
    }

    double test() {
        double rest = 1 - train - validation;
        return rest < ROUNDING ? 0 : rest;
    }

    /** Counts the rows for training, at least one. */
    int trainRows(int rows) {
        int count = (int) (rows * train);
        BadArgumentException.unless(count > 0, "train", train, "a share that holds at least one of " + rows + " rows");
        return count;
    }

    /** Counts the rows for validation. */
    int validationRows(int rows) {
        return Math.min(rows - trainRows(rows), (int) (rows * validation));
    }

    /** Shuffles the numbers of the rows and cuts them into training, validation and test. */
    public DataSplits<int[]> shuffled(int rows, long seed) {
        int train = trainRows(rows);
        int held = validationRows(rows);
        BadArgumentException.unless(
                validation == 0 || held > 0,
                "validation",
                validation,
                "0, or a share that holds at least one of " + rows + " rows");
        List<Integer> order = new ArrayList<>(IntStream.range(0, rows).boxed().toList());
        Collections.shuffle(order, new Random(seed));
        int[] shuffled = order.stream().mapToInt(Integer::intValue).toArray();
        return new DataSplits<>(
                IntStream.range(0, train).map(i -> shuffled[i]).toArray(),
                IntStream.range(train, train + held).map(i -> shuffled[i]).toArray(),
                IntStream.range(train + held, rows).map(i -> shuffled[i]).toArray());
    }
}
