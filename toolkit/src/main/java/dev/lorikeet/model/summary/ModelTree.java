package dev.lorikeet.model.summary;

import ai.djl.Device;
import dev.lorikeet.base.HtmlTable;
import dev.lorikeet.base.Renderable;
import dev.lorikeet.model.block.InputEmbedding;
import dev.lorikeet.model.block.Layer;
import dev.lorikeet.model.block.LoraWeights;
import dev.lorikeet.model.block.Norm;
import dev.lorikeet.model.block.ParameterSlot;
import dev.lorikeet.model.block.Pooler;
import dev.lorikeet.model.block.Projection;
import dev.lorikeet.model.block.Transformer;
import java.util.List;
import java.util.Locale;

/**
 * The blocks of a model, indented; runs of equal layers are shown once.
 *
 * @param lines one a block
 */
public record ModelTree(List<String> lines) implements Renderable {

    public static ModelTree of(Transformer transformer, Device device) {
        Lines lines = new Lines();
        lines.add(0, "%s on %s".formatted(transformer.config().family(), device));
        for (InputEmbedding.Table table : transformer.embeddings().tables()) {
            lines.add(
                    1, "%s: Table %s".formatted(table.name(), table.slot().own().getShape()));
            lines.add(2, table.slot());
        }
        lines.add(1, transformer.embeddings().norm());
        for (LayerGroup group : LayerGroup.of(transformer.layers())) {
            String times = group.layers().size() == 1
                    ? ""
                    : " (%d of them)".formatted(group.layers().size());
            Layer layer = group.layers().get(0);
            lines.add(1, "%s: %s%s".formatted(group.title(), layer.getClass().getSimpleName(), times));
            layer.norms().forEach(norm -> lines.add(2, norm));
            layer.projections()
                    .forEach(projection -> lines.add(2, group.tail(projection).substring(1), projection));
        }
        lines.add(1, transformer.finalNorm());
        Pooler pooler = transformer.pooler();
        if (pooler != null) {
            lines.add(1, "pooler", pooler.dense());
            lines.add(1, pooler.norm());
        }
        if (transformer.head() == null) {
            return new ModelTree(List.copyOf(lines.list));
        }
        String tied = transformer.head().weight() == transformer.tokens() ? " (tied to tokens)" : "";
        lines.add(1, "head" + tied, transformer.head());
        return new ModelTree(List.copyOf(lines.list));
    }

    private static final class Lines {

        private final List<String> list = new java.util.ArrayList<>();

        void add(int depth, String text) {
            list.add("  ".repeat(depth) + text);
        }

        /** @param norm or null */
        void add(int depth, Norm norm) {
            if (norm == null) {
                return;
            }
            add(depth, norm.describe());
            norm.slots().forEach(slot -> add(depth + 1, slot));
        }

        /** What an adapter has put there, if anything. */
        void add(int depth, ParameterSlot slot) {
            slot.override().ifPresent(standIn -> {
                String state = standIn.parameter().requiresGradient() ? "" : ", frozen";
                add(depth, "+ %s: own %s%s".formatted(standIn.adapter(), slot.part(), state));
            });
        }

        void add(int depth, String name, Projection projection) {
            String bias = projection.bias() == null ? "" : ", bias";
            String state = projection.weight().requiresGradient() ? "" : ", frozen";
            add(depth, "%s: Projection(%d → %d%s%s)".formatted(name, projection.in(), projection.out(), bias, state));
            for (LoraWeights delta : projection.loraWeights()) {
                String on = delta.target().equals(projection.name()) ? "" : " on " + delta.target();
                add(
                        depth + 1,
                        String.format(
                                Locale.ROOT,
                                "+ %s%s: LoRA(rank %d, scale %.4g)",
                                delta.adapter(),
                                on,
                                delta.rank(),
                                delta.scale()));
            }
            projection.slots().forEach(slot -> add(depth + 1, slot));
        }
    }

    @Override
    public String html() {
        return "<pre>" + HtmlTable.escape(toString()) + "</pre>";
    }

    @Override
    public String toString() {
        return String.join("\n", lines);
    }
}
