package dev.lorikeet.data.table;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Names of columns that a table can hold, as pandas makes them: a column without a name gets its number, as in "Unnamed: 2",
 * and one whose name is taken gets a number behind it, as in "text.1". Tablesaw does not tell names apart by case or by spaces
 * around them.
 *
 * @param given the names in the file, without spaces around them; empty for a column without a name
 * @param unique the names in the table
 */
record ColumnNames(List<String> given, List<String> unique) {

    static ColumnNames of(List<String> given) {
        List<String> names = given.stream().map(ColumnNames::stripped).toList();
        Set<String> originals = names.stream().map(ColumnNames::key).collect(Collectors.toSet());
        Set<String> taken = new HashSet<>();
        List<String> unique = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i).isEmpty() ? "Unnamed: " + i : names.get(i);
            String free = name;
            for (int number = 1; !taken.add(key(free)); number++) {
                String next = name + "." + number;
                free = originals.contains(key(next)) ? free : next;
            }
            unique.add(free);
        }
        return new ColumnNames(names, unique);
    }

    /** Drops what nobody sees at the ends of a name: spaces, also unbreakable ones, and marks of byte order. */
    private static String stripped(String name) {
        int from = 0;
        int to = name.length();
        while (from < to && isUnseen(name.charAt(from))) {
            from++;
        }
        while (from < to && isUnseen(name.charAt(to - 1))) {
            to--;
        }
        return name.substring(from, to);
    }

    private static boolean isUnseen(char character) {
        return character <= ' ' || Character.isSpaceChar(character) || Character.getType(character) == Character.FORMAT;
    }

    /** Two names with the same key are one to Tablesaw. */
    private static String key(String name) {
        return name.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
    }

    boolean isNamed(int column) {
        return !given.get(column).isEmpty();
    }

    /** What became of names that were taken, such as "text to text.1". */
    List<String> renamed() {
        List<String> renamed = new ArrayList<>();
        for (int i = 0; i < given.size(); i++) {
            if (isNamed(i) && !given.get(i).equals(unique.get(i))) {
                renamed.add(given.get(i) + " to " + unique.get(i));
            }
        }
        return renamed;
    }
}
