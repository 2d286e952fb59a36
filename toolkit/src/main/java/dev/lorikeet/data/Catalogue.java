package dev.lorikeet.data;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.reflect.TypeToken;
import dev.lorikeet.base.UnknownNameException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The public data sets that can be fetched, and the ones that were written for this project. */
final class Catalogue {

    private static final String FOLDER = "/dev/lorikeet/datasets/";

    private Catalogue() {}

    /**
     * A public data set.
     *
     * @param file the name that it has in a folder
     * @param address where it is downloaded from
     * @param member its name inside the archive there; null if the address is the file itself
     * @param sha256 of the file, its lines ended by LF
     */
    record Entry(
            String name,
            String title,
            String file,
            String address,
            String member,
            String sha256,
            int rows,
            String licence,
            String citation) {}

    static Entry entry(String name) {
        List<Entry> entries = entries();
        return entries.stream()
                .filter(entry -> entry.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new UnknownNameException(
                        "data set", name, entries.stream().map(Entry::name).toList()));
    }

    private static List<Entry> entries() {
        String json = new String(resource("catalogue.json"), StandardCharsets.UTF_8);
        List<JsonObject> objects = new Gson().fromJson(json, new TypeToken<List<JsonObject>>() {}.getType());
        return objects.stream().map(Catalogue::entry).toList();
    }

    private static Entry entry(JsonObject json) {
        return new Entry(
                string(json, "name"),
                string(json, "title"),
                string(json, "file"),
                string(json, "address"),
                string(json, "member"),
                string(json, "sha256"),
                json.get("rows").getAsInt(),
                string(json, "licence"),
                string(json, "citation"));
    }

    private static String string(JsonObject json, String key) {
        return json.has(key) && !json.get(key).isJsonNull() ? json.get(key).getAsString() : null;
    }

    /** A file of the repository's {@code datasets} folder, carried in the jar. */
    static byte[] resource(String file) {
        try (InputStream in = Catalogue.class.getResourceAsStream(FOLDER + file)) {
            if (in == null) {
                throw new IllegalStateException("the jar was built without " + FOLDER + file);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
