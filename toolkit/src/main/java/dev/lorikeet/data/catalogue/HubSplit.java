package dev.lorikeet.data.catalogue;

import dev.lorikeet.data.table.TableFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A split of a data set on the hub.
 *
 * @param configuration its configuration, which the hub's pages call a subset
 * @param name such as "train"
 * @param files in order
 * @param partial whether the files hold only the first part of a large split
 */
public record HubSplit(String configuration, String name, List<String> files, boolean partial) {

    static final String DEFAULT = "default";

    /** {@code CONFIGURATION/SPLIT/0000.parquet}, as the hub converts data sets. */
    private static final Pattern CONVERTED = Pattern.compile("([^/]+)/(partial-)?([^/]+)/\\d+\\.parquet");

    /** {@code FOLDER/SPLIT-00000-of-00002.parquet}, as Python's library {@code datasets} uploads them. */
    private static final Pattern SHARD =
            Pattern.compile("(?:(.+)/)?([\\w.]+?)-\\d{5}-of-\\d{5}(?:-[0-9a-f]+)?\\.\\w+(?:\\.gz)?");

    /** Words in a path that tell the split, in the order in which they are looked for. */
    private static final Map<String, List<String>> WORDS = words();

    private static final List<String> FORMATS = List.of("parquet", "jsonl", "ndjson", "json", "csv", "tsv", "txt");
    private static final Pattern NO_DATA = Pattern.compile(
            "(?i)(.*/)?(\\..*|readme.*|licen[cs]e.*|requirements.*|dataset_infos?\\.json|.*config\\.json)");

    private static Map<String, List<String>> words() {
        Map<String, List<String>> words = new LinkedHashMap<>();
        words.put("train", List.of("train", "training"));
        words.put("validation", List.of("validation", "valid", "val", "dev"));
        words.put("test", List.of("test", "testing", "eval", "evaluation"));
        return words;
    }

    /** Groups the files of the hub's conversion; empty if it has another layout. */
    static List<HubSplit> ofConverted(List<String> files) {
        Collected collected = new Collected();
        for (String file : files) {
            Matcher matcher = CONVERTED.matcher(file);
            if (matcher.matches()) {
                collected.add(matcher.group(1), matcher.group(3), file, matcher.group(2) != null);
            }
        }
        return collected.splits();
    }

    /** Groups the files of a repository by what their names tell; a file whose name tells nothing is for training. */
    public static List<HubSplit> ofFiles(List<String> files) {
        for (String format : FORMATS) {
            List<String> readable = files.stream()
                    .filter(file ->
                            TableFile.isReadable(file) && !NO_DATA.matcher(file).matches())
                    .filter(file -> file.toLowerCase(Locale.ROOT).matches(".*\\." + format + "(\\.gz)?"))
                    .toList();
            if (!readable.isEmpty()) {
                Collected collected = new Collected();
                readable.forEach(collected::addByName);
                return collected.splits();
            }
        }
        return List.of();
    }

    /** Files by configuration and split. */
    private static final class Collected {

        private final Map<String, HubSplit> splits = new LinkedHashMap<>();

        void add(String configuration, String name, String file, boolean partial) {
            splits.computeIfAbsent(
                            configuration + "/" + name,
                            key -> new HubSplit(configuration, name, new ArrayList<>(), partial))
                    .files()
                    .add(file);
        }

        void addByName(String file) {
            Matcher shard = SHARD.matcher(file);
            if (shard.matches()) {
                String folder = Optional.ofNullable(shard.group(1)).orElse("data");
                add(folder.equals("data") ? DEFAULT : folder, shard.group(2), file, false);
            } else {
                add(DEFAULT, splitOf(file), file, false);
            }
        }

        private static String splitOf(String file) {
            return WORDS.entrySet().stream()
                    .filter(split -> split.getValue().stream().anyMatch(word -> file.toLowerCase(Locale.ROOT)
                            .matches("(.*[^a-z])?" + word + "([^a-z].*)?")))
                    .findFirst()
                    .map(Map.Entry::getKey)
                    .orElse("train");
        }

        List<HubSplit> splits() {
            return splits.values().stream()
                    .map(split -> new HubSplit(
                            split.configuration,
                            split.name,
                            split.files.stream().sorted().toList(),
                            split.partial))
                    .toList();
        }
    }
}
