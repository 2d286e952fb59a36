package dev.lorikeet.model;

import ai.djl.Device;
import dev.lorikeet.base.HtmlTable;
import dev.lorikeet.model.block.Projection;
import dev.lorikeet.model.summary.ParameterCount;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What a notebook shows of a model: its name, and a line for each fact. */
final class ModelFacts {

    private static final String KIND = "Kind";

    private final String name;
    private final Map<String, String> facts = new LinkedHashMap<>();

    private ModelFacts(String name) {
        this.name = name;
    }

    static ModelFacts of(LanguageModel model) {
        ModelFacts card = new ModelFacts(model.name());
        String kind = model instanceof TaskModel made
                ? made.task().model()
                : model.config().isEncoder() ? "encoder" : "language model";
        card.facts.put(KIND, "%s (%s)".formatted(kind, model.config().family()));
        if (!model.isOpen()) {
            card.facts.put("State", "closed");
            return card;
        }
        if (model instanceof TaskModel made) {
            card.facts.put("Labels", String.join(", ", made.labels()));
        } else if (!model.transformer().hasOwnHead()) {
            card.facts.put("Head", "given away");
        }
        ParameterCount count = model.parameterCount();
        card.facts.put(
                "Parameters",
                String.format(
                        Locale.ROOT,
                        "%,d, %,d trainable (%.2f %%)",
                        count.total(),
                        count.trainable(),
                        count.percent()));
        card.facts.put("Compute dtype", model.computeDtype().toString());
        card.facts.put("Device", device(model.device()));
        card.facts.put("Quantized", quantized(model));
        card.facts.put(
                "Context",
                String.format(Locale.ROOT, "%,d tokens", model.config().contextLength()));
        if (!model.adapters().list().isEmpty()) {
            card.facts.put(
                    "Adapters",
                    model.adapters().list().stream()
                            .map(adapter -> "%s (%s)".formatted(adapter.name(), adapter.state()))
                            .collect(Collectors.joining(", ")));
        }
        return card;
    }

    private static String device(Device device) {
        return device.isGpu() ? "GPU " + device.getDeviceId() : "CPU";
    }

    private static String quantized(LanguageModel model) {
        String forms = model.transformer().projections().stream()
                .filter(Projection::isQuantized)
                .map(projection -> projection.stored().formatName())
                .distinct()
                .collect(Collectors.joining(", "));
        return forms.isEmpty() ? "no" : forms;
    }

    String html() {
        HtmlTable table = HtmlTable.of().title(name);
        facts.forEach(table::row);
        return table.html();
    }

    /** All facts in one line. */
    @Override
    public String toString() {
        return name
                + facts.entrySet().stream()
                        .map(fact -> fact.getKey().equals(KIND)
                                ? fact.getValue()
                                : fact.getKey().toLowerCase(Locale.ROOT) + " " + fact.getValue())
                        .collect(Collectors.joining("; ", ": ", ""));
    }
}
