package dev.lorikeet.hub;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** What a {@link TestHub} holds: files by repository and name. */
final class TestRepositories {

    private final Map<String, Map<String, TestFile>> files = new ConcurrentHashMap<>();

    /** The repository, revision and file that an address with {@code /resolve/} means. */
    record Address(String repository, String revision, String file) {

        static Address of(String path) {
            String[] parts = path.substring(1).split("/resolve/", 2);
            int slash = parts[1].indexOf('/');
            return new Address(parts[0], decoded(parts[1].substring(0, slash)), decoded(parts[1].substring(slash + 1)));
        }

        private static String decoded(String text) {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        }
    }

    void put(String repository, String file, TestFile content) {
        files.computeIfAbsent(repository, name -> new ConcurrentSkipListMap<>()).put(file, content);
    }

    boolean contains(String repository) {
        return files.containsKey(repository);
    }

    /** The file that an address means, null if there is none. */
    TestFile find(String path) {
        Address address = Address.of(path);
        return files.getOrDefault(address.repository(), Map.of()).get(address.file());
    }

    /** A hash over the names and contents of a repository's files. */
    String commit(String repository) {
        StringBuilder tree = new StringBuilder(repository);
        new TreeMap<>(files.get(repository))
                .forEach((file, content) -> tree.append(file).append(content.etag()));
        return TestFile.small(tree.toString().getBytes(StandardCharsets.UTF_8)).etag();
    }

    byte[] listing(String repository) {
        JsonArray siblings = new JsonArray();
        for (String name : files.get(repository).keySet()) {
            JsonObject file = new JsonObject();
            file.addProperty("rfilename", name);
            siblings.add(file);
        }
        JsonObject listing = new JsonObject();
        listing.addProperty("sha", commit(repository));
        listing.add("siblings", siblings);
        return listing.toString().getBytes(StandardCharsets.UTF_8);
    }
}
