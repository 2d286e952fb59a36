package dev.lorikeet.model.summary;

import dev.lorikeet.model.block.Layer;
import dev.lorikeet.model.block.LoraWeights;
import dev.lorikeet.model.block.ParameterSlot;
import dev.lorikeet.model.block.Projection;
import java.util.ArrayList;
import java.util.List;

/**
 * Consecutive layers of the same make, adapters included, which are shown as one.
 *
 * @param layers at least one
 * @param first number of the first of them
 */
record LayerGroup(List<? extends Layer> layers, int first) {

    static List<LayerGroup> of(List<? extends Layer> layers) {
        List<LayerGroup> groups = new ArrayList<>();
        int start = 0;
        for (int i = 1; i <= layers.size(); i++) {
            if (i == layers.size() || !make(layers.get(i)).equals(make(layers.get(start)))) {
                groups.add(new LayerGroup(layers.subList(start, i), start));
                start = i;
            }
        }
        return groups;
    }

    /** Such as "layer 3" or "layers 0–29". */
    String title() {
        return layers.size() == 1 ? "layer " + first : "layers %d–%d".formatted(first, first + layers.size() - 1);
    }

    /** The path of the layers with {@code *} for their numbers, or of the only one. */
    String path() {
        String path = layers.get(0).path();
        return layers.size() == 1 ? path : path.substring(0, path.lastIndexOf('.') + 1) + "*";
    }

    void addTo(ModelSummary.Rows rows, String stream) {
        for (int i = 0; i < layers.get(0).norms().size(); i++) {
            int index = i;
            String name = path() + "."
                    + layers.get(0).tail(layers.get(0).norms().get(i).path());
            rows.norms(
                    name, layers.stream().map(layer -> layer.norms().get(index)).toList(), stream);
        }
        List<Projection> projections = layers.get(0).projections();
        for (int i = 0; i < projections.size(); i++) {
            int index = i;
            String name = path() + tail(projections.get(i));
            String output = "(batch, time, %d)".formatted(projections.get(i).out());
            rows.projections(
                    name,
                    layers.stream().map(layer -> layer.projections().get(index)).toList(),
                    output);
        }
    }

    /** The projection's path within its layer, with the dot. */
    String tail(Projection projection) {
        return projection.path().substring(layers.get(0).path().length());
    }

    /** Everything that is shown of a layer but its number. */
    private static String make(Layer layer) {
        StringBuilder text = new StringBuilder();
        for (Projection projection : layer.projections()) {
            text.append(projection.name()).append(projection.in()).append('x').append(projection.out());
            text.append(projection.weight().requiresGradient());
            for (LoraWeights delta : projection.loraWeights()) {
                text.append(delta.adapter())
                        .append(delta.target())
                        .append(delta.rank())
                        .append(delta.scale());
                text.append(delta.a().requiresGradient());
            }
        }
        for (ParameterSlot slot : layer.slots()) {
            slot.override().ifPresent(standIn -> text.append(layer.slots().indexOf(slot))
                    .append(standIn.adapter())
                    .append(standIn.parameter().requiresGradient()));
        }
        return text.toString();
    }
}
