package dev.lorikeet.model;

import dev.lorikeet.base.HtmlTable;
import dev.lorikeet.base.Quantities;
import dev.lorikeet.model.AdapterSettings.AddedPart;
import dev.lorikeet.model.block.Projection;
import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.model.config.Part;
import dev.lorikeet.model.spec.TensorSpec;
import dev.lorikeet.tensor.DType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a notebook shows of a {@link ModelShape}: a row for each part, those of all layers together. */
final class ShapeTable {

    private static final String YES = "yes";
    private static final String INDENT = "\u2003";

    /** @param trainable "yes", "no", or nothing for a sum */
    private record Row(String name, String kind, long parameters, String trainable) {}

    private final ModelShape shape;
    private final List<Row> rows = new ArrayList<>();

    private ShapeTable(ModelShape shape) {
        this.shape = shape;
    }

    static ShapeTable of(ModelShape shape) {
        ShapeTable table = new ShapeTable(shape);
        table.addParts();
        return table;
    }

    private void addParts() {
        Map<String, List<TensorSpec>> parts = new LinkedHashMap<>();
        for (TensorSpec tensor : shape.tensors()) {
            parts.computeIfAbsent(path(module(tensor), tensor.part()), absent -> new ArrayList<>())
                    .add(tensor);
        }
        boolean begun = false;
        for (Map.Entry<String, List<TensorSpec>> part : parts.entrySet()) {
            TensorSpec first = part.getValue().get(0);
            if (first.part().isInLayer() && !begun) {
                addLayers();
                begun = true;
            }
            add(part.getKey(), part.getValue());
        }
        if (shape.isHeadTied()) {
            rows.add(new Row(module(shape.headWeight()), "the token embedding again", 0, ""));
            addAdapters(module(shape.headWeight()));
        }
    }

    /** The sum of all layers, without adapters. */
    private void addLayers() {
        int layers = shape.config().layers();
        long all = shape.tensors().stream()
                .filter(tensor -> tensor.part().isInLayer())
                .mapToLong(ModelShape::size)
                .sum();
        String kind = "%s with %s parameters each"
                .formatted(Quantities.counted(layers, "layer"), Quantities.count(all / layers));
        rows.add(new Row("transformer layers", kind, all, ""));
    }

    private void add(String path, List<TensorSpec> tensors) {
        TensorSpec first = tensors.get(0);
        long size = tensors.stream().mapToLong(ModelShape::size).sum();
        String name = (first.part().isInLayer() ? INDENT : "") + path;
        rows.add(new Row(name, kind(tensors), size, shape.isTrained(first) ? YES : "no"));
        addAdapters(path);
    }

    /** The adapters on a part, those of all layers together. */
    private void addAdapters(String path) {
        Map<String, Long> sizes = new LinkedHashMap<>();
        for (AddedPart one : shape.added()) {
            if (starred(one.path()).equals(path)) {
                sizes.merge(one.adapter() + "\n" + one.kind(), one.size(), Long::sum);
            }
        }
        sizes.forEach((key, size) -> {
            String[] names = key.split("\n");
            rows.add(new Row(INDENT + INDENT + "+ " + names[0], names[1], size, YES));
        });
    }

    private static String module(TensorSpec tensor) {
        return new ParameterShape(tensor.huggingFace(), 0).module();
    }

    private static String path(String module, Part part) {
        return part.isInLayer() ? starred(module) : module;
    }

    /** The path with {@code *} for the number of the layer. */
    private static String starred(String path) {
        return path.replaceFirst("\\.\\d+\\.", ".*.");
    }

    private String kind(List<TensorSpec> tensors) {
        TensorSpec weight = tensors.get(0);
        Part part = weight.part();
        long rows = weight.shape().get(0);
        if (part.isTable()) {
            String what =
                    switch (part) {
                        case TOKENS -> "token";
                        case POSITIONS -> "position";
                        default -> "token type";
                    };
            return String.format(
                            Locale.ROOT,
                            "%s embedding, %,d × %,d",
                            what,
                            rows,
                            weight.shape().get(1))
                    + stored(weight);
        }
        if (part.isNorm()) {
            String norm = shape.config().norm().label();
            return String.format(Locale.ROOT, "%s %,d", norm, rows);
        }
        boolean biased = tensors.stream().anyMatch(tensor -> !tensor.isMatrix());
        return String.format(Locale.ROOT, "Linear %,d → %,d", weight.shape().get(1), rows)
                + (biased ? ", bias" : "")
                + slices(part, shape.config())
                + stored(weight);
    }

    private static String slices(Part part, ModelConfig config) {
        List<String> names = Projection.Slice.of(part, config).stream()
                .map(Projection.Slice::name)
                .toList();
        return names.isEmpty() ? "" : " (" + String.join(", ", names) + ")";
    }

    private String stored(TensorSpec weight) {
        return shape.isQuantized(weight) ? " in " + shape.quantization() : "";
    }

    private String totals() {
        return "%s; %s in float32, %s in bfloat16"
                .formatted(shape.parameterCount(), shape.size(DType.FLOAT32), shape.size(DType.BFLOAT16));
    }

    String html() {
        HtmlTable table =
                HtmlTable.of("Part", "Kind", "Parameters", "Trainable").title(shape.name());
        rows.forEach(row -> table.row(row.name(), row.kind(), row.parameters(), row.trainable()));
        return table.total("all", "", shape.parameterCount().total(), "")
                .caption(totals())
                .html();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(shape.name()).append('\n');
        String format = "%-44s %-46s %16s  %s";
        text.append(String.format(Locale.ROOT, format, "Part", "Kind", "Parameters", "Trainable"))
                .append('\n');
        for (Row row : rows) {
            String line = String.format(
                    Locale.ROOT,
                    format,
                    row.name().replace(INDENT, "  "),
                    row.kind(),
                    Quantities.count(row.parameters()),
                    row.trainable());
            text.append(line.stripTrailing()).append('\n');
        }
        return text.append(totals()).toString();
    }
}
