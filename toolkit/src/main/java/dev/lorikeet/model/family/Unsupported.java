package dev.lorikeet.model.family;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Kinds of models that people try and that the toolkit does not compute. */
final class Unsupported {

    private static final Map<Pattern, String> REASONS = reasons();

    private Unsupported() {}

    private static Map<Pattern, String> reasons() {
        Map<Pattern, String> reasons = new LinkedHashMap<>();
        add(
                reasons,
                "a mixture of experts",
                ".*moe.*|mixtral|deepseek.*|gpt[-_]oss|dbrx|jetmoe|phimoe|minimax.*|llama4.*|grok.*|arctic|kimi.*"
                        + "|glm4_moe.*|hunyuan_v1_moe|ernie4_5_moe|lfm2_moe");
        add(
                reasons,
                "a state-space or recurrent model",
                ".*mamba.*|falcon_h1|granitemoehybrid|jamba|zamba.*|bamba|rwkv.*|recurrent_gemma|recurrentgemma|xlstm"
                        + "|nemotron_h|lfm2|plamo2|qwen3_next|qwen3next");
        add(
                reasons,
                "a model that sees images or hears sound",
                ".*_vl.*|.*vl|.*vision.*|llava.*|gemma3|gemma3n.*|paligemma|mllama|idefics.*|smolvlm|pixtral|mistral3|"
                        + "phi4_multimodal|phi3_v|qwen2_audio|qwen2_5_omni|whisper|internvl.*|aya_vision|clip|siglip");
        // These are found by their config.json.
        add(
                reasons,
                "an encoder, of which folders with safetensors are read and GGUF files are not",
                "bert|roberta|distilbert|modern-?bert");
        add(
                reasons,
                "an encoder of another kind, or an encoder and decoder",
                "electra|mpnet|albert|camembert|nomic_bert|deberta.*|t5|mt5|umt5|bart|mbart|pegasus|marian|xlm.*");
        return reasons;
    }

    private static void add(Map<Pattern, String> reasons, String reason, String types) {
        reasons.put(Pattern.compile(types), reason);
    }

    /** What kind of model it is, if it is a known one; empty if nothing is known of the name. */
    static Optional<String> reason(String type) {
        return REASONS.entrySet().stream()
                .filter(entry -> entry.getKey().matcher(type).matches())
                .map(Map.Entry::getValue)
                .findFirst();
    }
}
