package dev.lorikeet.data;

import dev.lorikeet.base.Quantities;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.stream.IntStream;

/** Deals the rows of each label to folds in turn, so that each fold has each label's share to within a row. */
record Folds(SortedMap<String, List<Integer>> rows, int count) {

    /** Draws the rows of each fold, shuffled. */
    List<List<Integer>> draw(Random random) {
        List<List<Integer>> folds = IntStream.range(0, count)
                .<List<Integer>>mapToObj(fold -> new ArrayList<>())
                .toList();
        int next = 0;
        for (List<Integer> group : rows.values()) {
            List<Integer> shuffled = new ArrayList<>(group);
            Collections.shuffle(shuffled, random);
            for (int row : shuffled) {
                // The next label goes on where this one ends, so that the folds have equal sizes too.
                folds.get(next++ % count).add(row);
            }
        }
        folds.forEach(fold -> Collections.shuffle(fold, random));
        return folds;
    }

    /** Names the labels that not every fold can have, such as "b (2 rows)"; empty if there is none. */
    String tooRare() {
        List<String> named = rows.entrySet().stream()
                .filter(label -> label.getValue().size() < count)
                .map(Folds::described)
                .toList();
        return Stratified.listed(named);
    }

    private static String described(Map.Entry<String, List<Integer>> label) {
        return "%s (%s)"
                .formatted(label.getKey(), Quantities.counted(label.getValue().size(), "row"));
    }
}
