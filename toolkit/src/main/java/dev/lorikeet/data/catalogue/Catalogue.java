package dev.lorikeet.data.catalogue;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.reflect.TypeToken;
import dev.lorikeet.base.UnknownNameException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The public data sets that can be downloaded, and the small ones written for this project. */
public final class Catalogue {

    private static final String FOLDER = "/dev/lorikeet/datasets/";

    private Catalogue() {}

    /**
     * A public data set.
     *
     * @param file file name in a data folder
     * @param address download address
     * @param member path inside the archive; null if the address is the file itself
     * @param sha256 SHA-256 of the file with LF line ends
     */
    public record CatalogueEntry(
            String name,
            String title,
            String file,
            String address,
            String member,
            String sha256,
            int rows,
            String licence,
            String citation) {}

    public static CatalogueEntry entry(String name) {
        List<CatalogueEntry> entries = entries();
        return entries.stream()
                .filter(entry -> entry.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new UnknownNameException(
                        "data set",
                        name,
                        entries.stream().map(CatalogueEntry::name).toList()));
    }

    private static List<CatalogueEntry> entries() {
        String json = new String(resource("catalogue.json"), StandardCharsets.UTF_8);
        List<JsonObject> objects = new Gson().fromJson(json, new TypeToken<List<JsonObject>>() {}.getType());
        return objects.stream().map(Catalogue::entry).toList();
    }

    private static CatalogueEntry entry(JsonObject json) {
        return new CatalogueEntry(
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

    /** Reads a file of the repository's {@code datasets} folder from the jar. */
    public static byte[] resource(String file) {
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
