package dev.lorikeet.text.format;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * The steps of a {@code pre_tokenizer} in one form of several that mean the same: every setting written out, digits one by one as
 * "Digits", GPT-2's expression as that of "ByteLevel".
 */
final class PreTokenizerSteps {

    /** Cased letters as DeepSeek's first tokenizers list them. */
    static final String CASED_LETTERS =
            "A-Za-z\u00b5\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u01ba\u01bc-\u01bf\u01c4-\u0293\u0295-\u02af"
                    + "\u0370-\u0373\u0376\u0377\u037b-\u037d\u037f\u0386\u0388-\u038a\u038c\u038e-\u03a1\u03a3-\u03f5\u03f7-\u0481"
                    + "\u048a-\u052f\u0531-\u0556\u10a0-\u10c5\u13a0-\u13f5\u13f8-\u13fd\u1c90-\u1cba\u1cbd-\u1cbf\u1d00-\u1d2b"
                    + "\u1d6b-\u1d77\u1d79-\u1d9a\u1e00-\u1f15\u1f18-\u1f1d\u1f20-\u1f45\u1f48-\u1f4d\u1f50-\u1f57\u1f59\u1f5b\u1f5d"
                    + "\u1f5f-\u1f7d\u1f80-\u1fb4\u1fb6-\u1fbc\u1fbe\u1fc2-\u1fc4\u1fc6-\u1fcc\u1fd0-\u1fd3\u1fd6-\u1fdb\u1fe0-\u1fec"
                    + "\u1ff2-\u1ff4\u1ff6-\u1ffc\u2102\u2107\u210a-\u2113\u2115\u2119-\u211d\u2124\u2126\u2128\u212a-\u212d\u212f-\u2134"
                    + "\u2139\u213c-\u213f\u2145-\u2149\u214e\u2183\u2184\u2c00-\u2c7b\u2c7e-\u2ce4\u2ceb-\u2cee\u2cf2\u2cf3\ua640-\ua66d"
                    + "\ua680-\ua69b\ua722-\ua76f\ua771-\ua787\ua78b-\ua78e\uab70-\uabbf\ufb00-\ufb06\ufb13-\ufb17\uff21-\uff3a\uff41-\uff5a"
                    + "\ud801\udc00-\ud801\udc4f\ud801\udcb0-\ud801\udcd3\ud801\udcd8-\ud801\udcfb\ud803\udc80-\ud803\udcb2"
                    + "\ud803\udcc0-\ud803\udcf2\ud806\udca0-\ud806\udcdf\ud83a\udd00-\ud83a\udd43";

    /** Words with a space before them, and all that is not one of some signs, as BLOOM takes them. */
    static final String BLOOM = " ?[^(\\s|[.,!?\u2026\u3002\uff0c\u3001\u0964\u06d4\u060c])]+";

    private static final String GPT2 =
            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

    private PreTokenizerSteps() {}

    /** Each match of an expression, and what lies between two of them, becomes a piece. */
    static JsonObject split(String expression) {
        JsonObject pattern = new JsonObject();
        pattern.addProperty("Regex", expression);
        JsonObject step = step("Split");
        step.add("pattern", pattern);
        step.addProperty("behavior", "Isolated");
        step.addProperty("invert", false);
        return step;
    }

    static JsonObject digits(boolean individual) {
        JsonObject step = step("Digits");
        step.addProperty("individual_digits", individual);
        return step;
    }

    /** Runs of punctuation become pieces. */
    static JsonObject punctuation() {
        JsonObject step = step("Punctuation");
        step.addProperty("behavior", "Contiguous");
        return step;
    }

    /** @param splits whether GPT-2's expression splits the text, before its bytes are written as characters */
    static JsonObject bytes(boolean splits) {
        JsonObject step = step("ByteLevel");
        step.addProperty("add_prefix_space", false);
        step.addProperty("trim_offsets", true);
        step.addProperty("use_regex", splits);
        return step;
    }

    private static JsonObject step(String type) {
        JsonObject step = new JsonObject();
        step.addProperty("type", type);
        return step;
    }

    /** Steps as a tokenizer.json holds them. */
    static JsonElement json(List<JsonObject> steps) {
        if (steps.size() == 1) {
            return steps.get(0).deepCopy();
        }
        JsonArray several = new JsonArray();
        steps.forEach(one -> several.add(one.deepCopy()));
        JsonObject sequence = step("Sequence");
        sequence.add("pretokenizers", several);
        return sequence;
    }

    /** The steps of a {@code pre_tokenizer}; a step that is not known here stays as it is. */
    static List<JsonObject> canonical(JsonElement preTokenizer) {
        List<JsonObject> steps = new ArrayList<>();
        collect(preTokenizer, steps);
        int last = steps.size() - 1;
        if (last > 0
                && steps.get(last).equals(bytes(false))
                && steps.get(last - 1).equals(split(GPT2))) {
            steps.subList(last - 1, last + 1).clear();
            steps.add(bytes(true));
        }
        return steps;
    }

    private static void collect(JsonElement step, List<JsonObject> steps) {
        if (!(step instanceof JsonObject object)) {
            return;
        }
        if (object.get("pretokenizers") instanceof JsonArray several) {
            several.forEach(one -> collect(one, steps));
        } else {
            steps.add(canonical(object));
        }
    }

    private static JsonObject canonical(JsonObject step) {
        return switch (text(step, "type", "")) {
            case "ByteLevel" -> flag(step, "add_prefix_space", false) ? step : bytes(flag(step, "use_regex", true));
            case "Digits" -> digits(flag(step, "individual_digits", false));
            case "Punctuation" -> text(step, "behavior", "Isolated").equals("Contiguous") ? punctuation() : step;
            case "Split" -> canonicalSplit(step);
            default -> step;
        };
    }

    /** Expressions here match all of a text, so that dropping what they leave out drops nothing. */
    private static JsonObject canonicalSplit(JsonObject step) {
        boolean invert = flag(step, "invert", false);
        String behavior = text(step, "behavior", "");
        boolean isolated = behavior.equals("Isolated") || behavior.equals("Removed") && invert;
        if (!isolated
                || !(step.get("pattern") instanceof JsonObject pattern)
                || !pattern.has("Regex")
                || behavior.equals("Removed")
                        && !matchesAll(pattern.get("Regex").getAsString())) {
            return step;
        }
        String expression = pattern.get("Regex").getAsString();
        return expression.equals("\\p{N}") ? digits(true) : split(expression);
    }

    private static boolean matchesAll(String expression) {
        return expression.endsWith("|\\s+");
    }

    private static String text(JsonObject step, String key, String absent) {
        return step.has(key) && step.get(key).isJsonPrimitive() ? step.get(key).getAsString() : absent;
    }

    private static boolean flag(JsonObject step, String key, boolean absent) {
        return step.has(key) && step.get(key).isJsonPrimitive() ? step.get(key).getAsBoolean() : absent;
    }
}
