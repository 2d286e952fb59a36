package dev.lorikeet.data;

import dev.lorikeet.base.Quantities;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Splits rows so that each part has each label's share, to within a row. What rounding leaves over goes to the part that is
 * furthest behind, so that the parts as a whole have their shares too. Each label has at least one row for training.
 */
final class Stratified {

    private static final List<String> PARTS = List.of("training", "validation", "test");
    private static final int TRAIN = 0;
    private static final int MOST_NAMED = 5;
    private static final double ROUNDING = 1e-9;

    private final SortedMap<String, List<Integer>> rows;
    private final double[] shares;
    private final SortedMap<String, int[]> counts = new TreeMap<>();

    Stratified(SortedMap<String, List<Integer>> rows, Shares shares) {
        this.rows = rows;
        this.shares = new double[] {shares.train(), shares.validation(), shares.test()};
        double[] behind = new double[PARTS.size()];
        rows.forEach((label, group) -> counts.put(label, counts(group.size(), behind)));
    }

    /** Divides the rows of a label, and updates by how many rows each part is behind its share. */
    private int[] counts(int size, double[] behind) {
        int[] count = new int[shares.length];
        boolean[] open = new boolean[shares.length];
        int left = size;
        for (int part = 0; part < count.length; part++) {
            double exact = size * shares[part];
            count[part] = (int) (exact + ROUNDING);
            open[part] = exact - count[part] > ROUNDING;
            behind[part] += exact - count[part];
            left -= count[part];
        }
        for (; left > 0; left--) {
            int next = furthest(behind, open);
            open[next] = false;
            move(count, behind, next, 1);
        }
        if (count[TRAIN] == 0) {
            int largest = count[1] > count[2] ? 1 : 2;
            move(count, behind, largest, -1);
            move(count, behind, TRAIN, 1);
        }
        return count;
    }

    private static void move(int[] count, double[] behind, int part, int rows) {
        count[part] += rows;
        behind[part] -= rows;
    }

    private static int furthest(double[] behind, boolean[] open) {
        int furthest = TRAIN;
        for (int part = 0; part < behind.length; part++) {
            if (open[part] && (!open[furthest] || behind[part] > behind[furthest])) {
                furthest = part;
            }
        }
        return furthest;
    }

    /** Draws the rows of each part, shuffled. */
    List<List<Integer>> draw(Random random) {
        List<List<Integer>> parts =
                PARTS.stream().<List<Integer>>map(name -> new ArrayList<>()).toList();
        rows.forEach((label, group) -> {
            List<Integer> shuffled = new ArrayList<>(group);
            Collections.shuffle(shuffled, random);
            int from = 0;
            for (int part = 0; part < parts.size(); part++) {
                int to = from + counts.get(label)[part];
                parts.get(part).addAll(shuffled.subList(from, to));
                from = to;
            }
        });
        parts.forEach(part -> Collections.shuffle(part, random));
        return parts;
    }

    /** Names the labels that have no row in a part, such as "b (2 rows, none for validation)"; empty if there is none. */
    String tooRare() {
        List<String> named = counts.entrySet().stream()
                .filter(label -> !absent(label).isEmpty())
                .map(label -> String.format(
                        Locale.ROOT,
                        "%s (%s, none for %s)",
                        label.getKey(),
                        Quantities.counted(rows.get(label.getKey()).size(), "row"),
                        String.join(" and ", absent(label))))
                .toList();
        return listed(named);
    }

    /** The first few of them, and how many there are more. */
    static String listed(List<String> named) {
        String shown = String.join(", ", named.subList(0, Math.min(MOST_NAMED, named.size())));
        return named.size() <= MOST_NAMED ? shown : shown + " and " + (named.size() - MOST_NAMED) + " more";
    }

    private List<String> absent(Map.Entry<String, int[]> label) {
        return IntStream.range(0, shares.length)
                .filter(part -> shares[part] > 0 && label.getValue()[part] == 0)
                .mapToObj(PARTS::get)
                .toList();
    }
}
