package dev.lorikeet.weights;

import dev.lorikeet.base.BadFileException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * What one part of a split GGUF model says about the split, and how llama.cpp names the parts:
 * {@code model-00001-of-00003.gguf}.
 *
 * @param index the part's number, from 0
 * @param count parts of the model, at least 2
 * @param tensors in all parts together; empty if the file does not say
 */
record GgufSplit(int index, int count, OptionalLong tensors) {

    private static final String PREFIX = "split.";
    private static final String NO = PREFIX + "no";
    private static final String COUNT = PREFIX + "count";
    private static final String TENSORS = PREFIX + "tensors.count";

    private static final Pattern NAME = Pattern.compile("(.*)-(\\d{5})-of-(\\d{5})\\.gguf");
    private static final int MOST_PARTS = 99_999;

    /** Empty for a file that is a whole model. */
    static Optional<GgufSplit> read(GgufPart part) {
        long count = number(part, COUNT).orElse(1);
        if (count <= 1) {
            return Optional.empty();
        }
        long index = number(part, NO).orElseThrow(() -> damaged(part, COUNT + " " + count + ", but no " + NO));
        if (count > MOST_PARTS || index >= count) {
            throw damaged(part, NO + " " + index + " of " + COUNT + " " + count);
        }
        return Optional.of(new GgufSplit((int) index, (int) count, number(part, TENSORS)));
    }

    private static OptionalLong number(GgufPart part, String key) {
        Object value = part.metadata().get(key);
        if (value == null) {
            return OptionalLong.empty();
        }
        if (value instanceof Number number && (value instanceof Integer || value instanceof Long)) {
            if (number.longValue() >= 0) {
                return OptionalLong.of(number.longValue());
            }
        }
        throw damaged(part, key + " " + value + "; expected a whole number");
    }

    private static BadFileException damaged(GgufPart part, String problem) {
        return new BadFileException(part.path(), "is damaged in its metadata: it has " + problem);
    }

    /** The names of all parts of the model to which a file of this name belongs; the name alone if it is not one of several. */
    static List<String> names(String file) {
        Matcher matcher = NAME.matcher(file);
        if (!matcher.matches()) {
            return List.of(file);
        }
        int number = Integer.parseInt(matcher.group(2));
        int count = Integer.parseInt(matcher.group(3));
        return number >= 1 && number <= count && count > 1 ? names(matcher.group(1), count) : List.of(file);
    }

    private static List<String> names(String prefix, int count) {
        return IntStream.range(0, count)
                .mapToObj(index -> prefix + suffix(index, count))
                .toList();
    }

    private static String suffix(int index, int count) {
        return "-%05d-of-%05d.gguf".formatted(index + 1, count);
    }

    /**
     * The files of all parts, which lie beside this one.
     *
     * @param path this part's file
     * @throws BadFileException if this part's name is not that of its number, or another part is missing
     */
    List<Path> files(Path path) {
        String name = path.getFileName().toString();
        String suffix = suffix(index, count);
        if (!name.endsWith(suffix)) {
            throw new BadFileException(
                    path,
                    ("is part %d of a model in %d parts, but its name does not end in %s, so that the other parts cannot be"
                                    + " found; give all parts the names that they were published under")
                            .formatted(index + 1, count, suffix));
        }
        List<Path> files = names(name.substring(0, name.length() - suffix.length()), count).stream()
                .map(path::resolveSibling)
                .toList();
        List<Path> missing = files.stream().filter(file -> !Files.exists(file)).toList();
        if (!missing.isEmpty()) {
            throw new BadFileException(missing.get(0), missing(name, missing.subList(1, missing.size())));
        }
        return files;
    }

    private String missing(String name, List<Path> others) {
        StringBuilder problem = new StringBuilder("is missing");
        if (!others.isEmpty()) {
            List<String> names = new ArrayList<>();
            others.forEach(file -> names.add(file.getFileName().toString()));
            problem.append(", and so ")
                    .append(names.size() == 1 ? "is " : "are ")
                    .append(String.join(", ", names));
        }
        return problem.append("; %s is part %d of %d, and a model is read from all of its parts in one folder"
                        .formatted(name, index + 1, count))
                .toString();
    }

    /**
     * Checks that another file is the part that its name says, of the same split.
     *
     * @param own this part, for the error
     * @throws BadFileException if it is not
     */
    void check(GgufPart part, int expectedIndex, GgufPart own) {
        GgufSplit other = read(part)
                .orElseThrow(() -> new BadFileException(
                        part.path(),
                        "is no part of a split model, as it has no %s; by its name it is part %d of %d"
                                .formatted(COUNT, expectedIndex + 1, count)));
        if (other.index != expectedIndex) {
            throw new BadFileException(
                    part.path(),
                    "is part %d by its metadata (%s %d), but part %d by its name"
                            .formatted(other.index + 1, NO, other.index, expectedIndex + 1));
        }
        same(COUNT, count, other.count, part, own);
        same(TENSORS, text(tensors), text(other.tensors), part, own);
        String architecture = "general.architecture";
        Map<String, Object> metadata = part.metadata();
        if (metadata.containsKey(architecture) && own.metadata().containsKey(architecture)) {
            same(architecture, own.metadata().get(architecture), metadata.get(architecture), part, own);
        }
    }

    private static String text(OptionalLong number) {
        return number.isPresent() ? String.valueOf(number.getAsLong()) : "none";
    }

    private static void same(String key, Object expected, Object value, GgufPart part, GgufPart own) {
        if (!expected.equals(value)) {
            throw new BadFileException(
                    part.path(),
                    "has %s %s, but %s has %s; they are parts of different models"
                            .formatted(key, value, own.path().getFileName(), expected));
        }
    }

    /**
     * Checks how many tensors all parts hold together.
     *
     * @param first for the error
     * @throws BadFileException if it is another number than the metadata says
     */
    void checkTensors(int held, Path first) {
        if (tensors.isPresent() && tensors.getAsLong() != held) {
            throw new BadFileException(
                    first,
                    "and its other parts hold %d tensors, but %s says %d; one of the %d parts is damaged or of another model"
                            .formatted(held, TENSORS, tensors.getAsLong(), count));
        }
    }

    /** Whether a metadata key describes one part, not the model. */
    static boolean describesPart(String key) {
        return key.startsWith(PREFIX);
    }
}
