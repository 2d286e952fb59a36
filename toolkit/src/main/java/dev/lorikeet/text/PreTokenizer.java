package dev.lorikeet.text;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.lorikeet.base.BadFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Names that GGUF has for the ways in which byte-level tokenizers cut text into words before they merge. */
final class PreTokenizer {

    /** Expressions as the models' own tokenizer.json have them: Llama 3 takes up to three digits together, Qwen2 one. */
    private static final Map<String, String> BY_EXPRESSION = Map.of(
            expression("\\p{N}{1,3}"), "llama-bpe",
            expression("\\p{N}"), "qwen2");

    private PreTokenizer() {}

    private static String expression(String digits) {
        return "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|" + digits
                + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    }

    /** @throws BadFileException if the way has no name that is known here */
    static String name(JsonObject tokenizer, Path forErrors) {
        List<JsonObject> steps = new ArrayList<>();
        collect(tokenizer.get("pre_tokenizer"), steps);
        List<String> types =
                steps.stream().map(step -> step.get("type").getAsString()).toList();
        if (types.equals(List.of("ByteLevel")) && isOn(steps.get(0), "use_regex", true)) {
            return "gpt-2";
        }
        if (types.equals(List.of("Digits", "ByteLevel"))
                && isOn(steps.get(0), "individual_digits", false)
                && isOn(steps.get(1), "use_regex", true)) {
            return "smollm";
        }
        String name = types.equals(List.of("Split", "ByteLevel")) ? BY_EXPRESSION.get(regex(steps.get(0))) : null;
        if (name == null) {
            throw new BadFileException(
                    forErrors,
                    "cuts words by %s, for which no name in GGUF is known here; known are those of GPT-2, SmolLM2, Llama 3 and Qwen2"
                            .formatted(tokenizer.get("pre_tokenizer")));
        }
        return name;
    }

    private static void collect(JsonElement step, List<JsonObject> steps) {
        if (!(step instanceof JsonObject object)) {
            return;
        }
        if (object.get("pretokenizers") instanceof JsonArray several) {
            several.forEach(one -> collect(one, steps));
        } else {
            steps.add(object);
        }
    }

    private static boolean isOn(JsonObject step, String flag, boolean absent) {
        return step.has(flag) ? step.get(flag).getAsBoolean() : absent;
    }

    private static String regex(JsonObject split) {
        return split.get("pattern") instanceof JsonObject pattern && pattern.has("Regex")
                ? pattern.get("Regex").getAsString()
                : "";
    }
}
