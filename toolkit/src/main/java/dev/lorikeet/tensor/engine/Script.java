package dev.lorikeet.tensor.engine;

import dev.lorikeet.base.LorikeetException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The TorchScript module whose functions stand in {@code script/}, by topic. It is written as an archive that the engine loads;
 * {@code constants.py} names numbers, which replace their names there, as an archive has no constants of its own and attributes
 * and calls would take time.
 */
final class Script {

    private static final String FOLDER = "/dev/lorikeet/tensor/script/";

    /** The file with the class's header, then those with its functions. */
    private static final List<String> TOPICS = List.of(
            "module", "quantized", "projection", "attention", "layer", "vocabulary", "loss", "optimizer", "arrays");

    /** Pickles of an object with {@code training} and {@code whole_gemv} true, and of an empty tuple of constants. */
    private static final String OBJECT =
            "\u0080\u0002c__torch__\nOps\n)\u0081}(X\b\0\0\0training\u0088X\n\0\0\0whole_gemv\u0088ub.";

    private static final String NO_CONSTANTS = "\u0080\u0002).";

    /** The format's version: at least 10 is needed for {@code gelu(approximate=)}. */
    private static final String VERSION = "10\n";

    private static final Pattern CONSTANT = Pattern.compile("^([A-Z][A-Z0-9_]*) = (-?\\d+)$", Pattern.MULTILINE);

    private static final Pattern NAME = Pattern.compile("\\b[A-Z][A-Z0-9_]*\\b");

    private final Map<String, Integer> constants;
    private final String code;

    Script() {
        constants = constants(file("constants"));
        StringBuilder all = new StringBuilder();
        TOPICS.forEach(topic -> all.append(file(topic)));
        code = all.toString();
    }

    private static String file(String topic) {
        try (InputStream file = Script.class.getResourceAsStream(FOLDER + topic + ".py")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new LorikeetException(
                    "The toolkit's script " + topic + ".py could not be read: " + e.getMessage(), e);
        }
    }

    private static Map<String, Integer> constants(String file) {
        Map<String, Integer> constants = new HashMap<>();
        Matcher matcher = CONSTANT.matcher(file);
        while (matcher.find()) {
            constants.put(matcher.group(1), Integer.valueOf(matcher.group(2)));
        }
        return Map.copyOf(constants);
    }

    /** The numbers of {@code constants.py} by their names. */
    Map<String, Integer> constants() {
        return constants;
    }

    /** All topics as they stand in their files. */
    String code() {
        return code;
    }

    /** The code with numbers in place of their names. */
    String archived() {
        return NAME.matcher(code).replaceAll(name -> {
            Integer number = constants.get(name.group());
            return Matcher.quoteReplacement(number == null ? name.group() : number.toString());
        });
    }

    /** Writes the archive. */
    void write(ZipOutputStream zip) throws IOException {
        add(zip, "data.pkl", OBJECT.getBytes(StandardCharsets.ISO_8859_1));
        add(zip, "constants.pkl", NO_CONSTANTS.getBytes(StandardCharsets.ISO_8859_1));
        add(zip, "code/__torch__.py", archived().getBytes(StandardCharsets.UTF_8));
        add(zip, "version", VERSION.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void add(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
        zip.putNextEntry(new ZipEntry("ops/" + name));
        zip.write(bytes);
        zip.closeEntry();
    }
}
