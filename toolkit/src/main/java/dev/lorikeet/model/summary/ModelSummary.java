package dev.lorikeet.model.summary;

import ai.djl.ndarray.NDList;
import ai.djl.nn.Parameter;
import dev.lorikeet.base.Quantities;
import dev.lorikeet.base.Renderable;
import dev.lorikeet.model.block.LoraWeights;
import dev.lorikeet.model.block.Norm;
import dev.lorikeet.model.block.ParameterSlot;
import dev.lorikeet.model.block.Projection;
import dev.lorikeet.model.block.Transformer;
import dev.lorikeet.model.block.Weight;
import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.Ops;
import dev.lorikeet.text.Tokenizer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * The layers of a model as a table.
 *
 * @param model name of the model
 * @param tokenizer kind and vocabulary of its tokenizer
 * @param rows in the order in which data passes
 * @param parameters of all rows, tied weights counted once
 * @param megabytes of all rows, in units of 2²⁰ bytes, as they are stored
 * @param computeDtype in which the model multiplies and keeps frozen weights; trained ones are float32
 * @param decodeDtype in which it multiplies single tokens by quantized weights as they are; else the same
 */
public record ModelSummary(
        String model,
        String tokenizer,
        List<Row> rows,
        ParameterCount parameters,
        double megabytes,
        DType computeDtype,
        DType decodeDtype)
        implements Renderable {

    static final String TRAINABLE = "yes";

    /**
     * One block, or several equal ones in equal layers.
     *
     * @param name path of the block; {@code *} stands for the number of the layer
     * @param kind such as "Projection 576 → 1536"
     * @param output shape
     * @param parameters in all of them
     * @param megabytes of all of them
     * @param trainable "yes", "no", or "tied to …" for weights counted elsewhere
     */
    public record Row(String name, String kind, String output, long parameters, double megabytes, String trainable) {}

    /** @param name of the model */
    public static ModelSummary of(
            String name, Transformer transformer, Tokenizer tokenizer, ParameterCount parameters) {
        Rows rows = new Rows(transformer.computeDtype().bytes());
        ModelConfig config = transformer.config();
        String stream = "(batch, time, %d)".formatted(config.hiddenSize());
        transformer
                .embeddings()
                .tables()
                .forEach(table -> rows.table(table.name(), table.weight(), table.slot(), stream));
        rows.norm("embedding norm", transformer.embeddings().norm(), stream);
        for (LayerGroup group : LayerGroup.of(transformer.layers())) {
            group.addTo(rows, stream);
        }
        rows.norm("final norm", transformer.finalNorm(), stream);
        if (transformer.pooler() != null) {
            String pooled = "(batch, %d)".formatted(config.hiddenSize());
            rows.projections("pooler", List.of(transformer.pooler().dense()), pooled);
            rows.norm("pooler norm", transformer.pooler().norm(), pooled);
        }
        if (transformer.head() != null) {
            head(rows, transformer);
        }
        String kind = String.format(Locale.ROOT, "%s, vocabulary %,d", tokenizer.kind(), tokenizer.vocabularySize());
        double megabytes = rows.list.stream().mapToDouble(Row::megabytes).sum();
        return new ModelSummary(
                name,
                kind,
                List.copyOf(rows.list),
                parameters,
                megabytes,
                transformer.computeDtype(),
                transformer.hasOwnHead() && transformer.decodesQuantized()
                        ? transformer.decodeDtype()
                        : transformer.computeDtype());
    }

    private static void head(Rows rows, Transformer transformer) {
        Projection head = transformer.head();
        String output = transformer.hasOwnHead()
                ? "(batch, time, %d)".formatted(head.out())
                : "(batch, %d)".formatted(head.out());
        if (head.weight() == transformer.tokens()) {
            rows.list.add(new Row("head", Rows.kind(head), output, 0, 0, "tied to tokens"));
            rows.loraWeights("head", List.of(head), output);
            rows.overrides("head", List.of(head.slots()), output);
        } else {
            rows.projections("head", List.of(head), output);
        }
    }

    /** Collects rows; equal blocks of equal layers are one row. */
    static final class Rows {

        private static final double MEGABYTE = 1 << 20;

        private final List<Row> list = new ArrayList<>();
        private final int bytes;

        Rows(int bytes) {
            this.bytes = bytes;
        }

        void table(String name, Weight table, ParameterSlot slot, String output) {
            Parameter vectors = table.parameter();
            String kind = "Table %d × %d"
                    .formatted(vectors.getShape().get(0), vectors.getShape().get(1));
            if (table.isQuantized()) {
                quantized(name, kind, output, List.of(vectors), List.of(table));
            } else {
                add(name, kind, output, List.of(vectors), bytes);
            }
            overrides(name, List.of(List.of(slot)), output);
        }

        /** @param norm or null */
        void norm(String name, Norm norm, String output) {
            if (norm != null) {
                norms(name, List.of(norm), output);
            }
        }

        void norms(String name, List<Norm> norms, String output) {
            add(name, norms.get(0).describe(), output, parameters(norms), Float.BYTES);
            overrides(name, norms.stream().map(Norm::slots).toList(), output);
        }

        void projections(String name, List<Projection> projections, String output) {
            if (projections.get(0).isQuantized()) {
                List<Weight> weights =
                        projections.stream().map(Projection::stored).toList();
                quantized(name, kind(projections.get(0)), output, parameters(projections), weights);
            } else {
                add(name, kind(projections.get(0)), output, parameters(projections), bytes);
            }
            loraWeights(name, projections, output);
            overrides(name, projections.stream().map(Projection::slots).toList(), output);
        }

        /** @param slots of equal blocks, whose adapters are equal too */
        void overrides(String name, List<List<ParameterSlot>> slots, String output) {
            for (int i = 0; i < slots.get(0).size(); i++) {
                int index = i;
                ParameterSlot first = slots.get(0).get(i);
                first.override().ifPresent(standIn -> {
                    List<Parameter> parameters =
                            slots.stream().map(block -> block.get(index).used()).toList();
                    add(name + " + " + standIn.adapter(), "Own " + first.part(), output, parameters, Float.BYTES);
                });
            }
        }

        private void quantized(
                String name, String kind, String output, List<Parameter> parameters, List<Weight> weights) {
            NDList arrays = new NDList();
            weights.forEach(weight -> arrays.addAll(weight.auxiliary()));
            parameters.forEach(parameter -> arrays.add(parameter.getArray()));
            long count = parameters.stream().mapToLong(p -> p.getShape().size()).sum();
            String form = weights.get(0).formatName();
            list.add(new Row(name, kind + " in " + form, output, count, Ops.bytes(arrays) / MEGABYTE, "no"));
        }

        void loraWeights(String name, List<Projection> projections, String output) {
            List<LoraWeights> first = projections.get(0).loraWeights();
            for (int i = 0; i < first.size(); i++) {
                LoraWeights delta = first.get(i);
                int index = i;
                List<Parameter> parameters = projections.stream()
                        .map(projection -> projection.loraWeights().get(index))
                        .flatMap(d -> List.of(d.a(), d.b()).stream())
                        .toList();
                String kind = "LoRA rank %d on %s".formatted(delta.rank(), delta.target());
                add(name + " + " + delta.adapter(), kind, output, parameters, Float.BYTES);
            }
        }

        static String kind(Projection projection) {
            return "Projection %d → %d".formatted(projection.in(), projection.out());
        }

        private static List<Parameter> parameters(List<? extends ai.djl.nn.Block> blocks) {
            return blocks.stream()
                    .flatMap(block -> block.getDirectParameters().values().stream())
                    .toList();
        }

        private void add(String name, String kind, String output, Collection<Parameter> parameters, int bytes) {
            long count = parameters.stream().mapToLong(p -> p.getShape().size()).sum();
            boolean trainable = parameters.stream().anyMatch(Parameter::requiresGradient);
            int each = trainable ? Float.BYTES : bytes;
            list.add(new Row(name, kind, output, count, count * each / MEGABYTE, trainable ? TRAINABLE : "no"));
        }
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        text.append(model).append("\nTokenizer: ").append(tokenizer).append('\n');
        String format = "%-40s %-28s %-22s %14s %9s  %s%n";
        text.append(String.format(Locale.ROOT, format, "Layer", "Kind", "Output", "Parameters", "MiB", "Trainable"));
        for (Row row : rows) {
            text.append(String.format(
                    Locale.ROOT,
                    format,
                    row.name(),
                    row.kind(),
                    row.output(),
                    String.format(Locale.ROOT, "%,d", row.parameters()),
                    String.format(Locale.ROOT, "%.2f", row.megabytes()),
                    row.trainable()));
        }
        return text.append(totals()).toString();
    }

    @Override
    public String html() {
        return SummaryTree.html(this);
    }

    /** The line below the table. */
    String totals() {
        double trainable = rows.stream()
                .filter(row -> row.trainable().equals(TRAINABLE))
                .mapToDouble(Row::megabytes)
                .sum();
        String decode = decodeDtype == computeDtype ? "" : ", decode dtype " + decodeDtype;
        return "%s; %s, of which %s trainable; compute dtype %s%s"
                .formatted(
                        parameters,
                        Quantities.bytes(megabytes * Rows.MEGABYTE),
                        Quantities.bytes(trainable * Rows.MEGABYTE),
                        computeDtype,
                        decode);
    }
}
