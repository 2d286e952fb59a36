package dev.lorikeet.weights;

import com.google.gson.stream.JsonReader;
import dev.lorikeet.base.BadFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A {@code model.safetensors.index.json}: which file in its folder holds which tensor.
 *
 * @param places the file's name for each tensor; never empty
 */
public record ShardIndex(Map<String, String> places) {

    /**
     * Reads an index.
     *
     * @throws BadFileException if the index is missing, is no index, puts a tensor into two files, or names a file outside of
     *     its folder
     */
    public static ShardIndex read(Path path) {
        Map<String, String> places = new LinkedHashMap<>();
        try (JsonReader json = new JsonReader(Files.newBufferedReader(path))) {
            json.beginObject();
            while (json.hasNext()) {
                if (json.nextName().equals("weight_map")) {
                    readMap(json, places, path);
                } else {
                    json.skipValue();
                }
            }
            json.endObject();
        } catch (IOException | IllegalStateException | NumberFormatException e) {
            throw new BadFileException(path, "is not a readable index of safetensors files: " + e.getMessage(), e);
        }
        if (places.isEmpty()) {
            throw new BadFileException(path, "is no index of safetensors files: it has no weight_map with tensors");
        }
        return new ShardIndex(places);
    }

    private static void readMap(JsonReader json, Map<String, String> places, Path path) throws IOException {
        json.beginObject();
        while (json.hasNext()) {
            String tensor = json.nextName();
            String file = json.nextString();
            if (!file.matches("[^/\\\\:\\p{Cntrl}]+") || file.startsWith(".")) {
                throw new BadFileException(
                        path, "puts tensor \"%s\" into \"%s\"; expected a file beside it".formatted(tensor, file));
            }
            String other = places.put(tensor, file);
            if (other != null) {
                throw new BadFileException(
                        path, "puts tensor \"%s\" into two files, %s and %s".formatted(tensor, other, file));
            }
        }
        json.endObject();
    }

    /** The names of the files in alphabetical order, which is the order of their numbers. */
    public Set<String> files() {
        return new TreeSet<>(places.values());
    }
}
