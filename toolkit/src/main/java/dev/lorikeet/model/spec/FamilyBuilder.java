package dev.lorikeet.model.spec;

import dev.lorikeet.model.config.ModelConfigBuilder;
import dev.lorikeet.model.config.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Says in what a family differs from Llama. */
public final class FamilyBuilder {

    final String name;
    final String architecture;
    String gguf = "";
    Predicate<GgufFields> ggufCondition;
    Consumer<ModelConfigBuilder> layers = config -> {};
    List<Setting> settings = LlamaDefaults.settings();
    String layerPath = "model.layers";
    String optionalPrefix = "";
    final Map<Part, TensorName> parts = LlamaDefaults.parts();
    Set<Part> transposed = Set.of();
    Set<Part> absentInFirstLayer = Set.of();
    String classifier = "score";
    String tagger = "";
    boolean poolsTokens;
    boolean interleavesRotary;
    float ggufNormShift;
    boolean repeatsTiedHead;
    List<String> targets = List.of("q_proj", "v_proj");

    FamilyBuilder(String name, String architecture) {
        this.name = name;
        this.architecture = architecture;
    }

    /** Sets the architecture in GGUF files. */
    public FamilyBuilder gguf(String value) {
        gguf = value;
        return this;
    }

    /** Sets an architecture in GGUF files that other families have too, and what tells this one from them. */
    public FamilyBuilder gguf(String value, Predicate<GgufFields> condition) {
        gguf = value;
        ggufCondition = condition;
        return this;
    }

    /** Sets what all models of the family have in common: norms, activation, biases. */
    public FamilyBuilder layers(Consumer<ModelConfigBuilder> value) {
        layers = value;
        return this;
    }

    /** Replaces the settings that are read and written, in the order in which they are read. */
    public FamilyBuilder settings(List<Setting> value) {
        settings = value;
        return this;
    }

    /** Adds settings to those of a Llama. */
    public FamilyBuilder settings(Setting... more) {
        settings = new ArrayList<>(settings);
        settings.addAll(List.of(more));
        return this;
    }

    /** Sets the path before a layer's number in Hugging Face checkpoints. */
    public FamilyBuilder layerPath(String value) {
        layerPath = value;
        return this;
    }

    /** Says what published files may leave out before a name. */
    public FamilyBuilder optionalPrefix(String value) {
        optionalPrefix = value;
        return this;
    }

    /**
     * Adds a part, or gives it other names.
     *
     * @param huggingFace the name in safetensors files, such as "self_attn.q_proj"
     * @param ggufName the name in GGUF files, such as "attn_q"
     */
    public FamilyBuilder part(Part part, String huggingFace, String ggufName) {
        parts.put(part, new TensorName(huggingFace, ggufName));
        return this;
    }

    /** Adds a part that GGUF files have no name for. */
    public FamilyBuilder part(Part part, String huggingFace) {
        return part(part, huggingFace, "");
    }

    /** Takes all parts out, for a family that has nothing of a Llama. */
    public FamilyBuilder withoutParts() {
        parts.clear();
        return this;
    }

    /** Says what the first layer lacks. */
    public FamilyBuilder withoutInFirstLayer(Part... absent) {
        absentInFirstLayer = Set.of(absent);
        return this;
    }

    /** Sets the path of the projection that gives a classifier's labels; "score" unless set. */
    public FamilyBuilder classifier(String path) {
        classifier = path;
        return this;
    }

    /** Sets the path of the projection that gives each token its label, where it is another than a classifier's. */
    public FamilyBuilder tagger(String path) {
        tagger = path;
        return this;
    }

    /** Says that each token passes the pooler before it gets a label. */
    public FamilyBuilder poolsTokens() {
        poolsTokens = true;
        return this;
    }

    /** Takes parts out. */
    public FamilyBuilder without(Part... absent) {
        for (Part part : absent) {
            parts.remove(part);
        }
        return this;
    }

    /** Says which projections safetensors files have as (in, out). */
    public FamilyBuilder transposed(Part... stored) {
        transposed = Set.of(stored);
        return this;
    }

    /** Says that GGUF files interleave the rows of queries and keys for rotary positions. */
    public FamilyBuilder interleavesRotaryInGguf() {
        interleavesRotary = true;
        return this;
    }

    /** Says that GGUF files hold 1 + weight of each norm. */
    public FamilyBuilder addsOneToNormsInGguf() {
        ggufNormShift = 1;
        return this;
    }

    /** Says that llama.cpp wants the head in GGUF files also where it is the token table. */
    public FamilyBuilder repeatsTiedHeadInGguf() {
        repeatsTiedHead = true;
        return this;
    }

    /** Sets the projections that PEFT adapts if none are named. */
    public FamilyBuilder defaultTargets(String... names) {
        targets = List.of(names);
        return this;
    }

    public Family build() {
        return new Family(this);
    }
}
