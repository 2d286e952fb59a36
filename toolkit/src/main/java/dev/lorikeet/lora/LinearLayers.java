package dev.lorikeet.lora;

import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.LinearShape;
import dev.lorikeet.model.ModelShape;
import dev.lorikeet.model.block.Linear;
import dev.lorikeet.model.block.Projection;
import dev.lorikeet.model.block.Transformer;
import java.util.List;

/**
 * The linear layers of a model, or of the shape of one, among which an adapter finds its targets.
 *
 * @param family the name of the model's family
 * @param layerCount how many transformer layers it has
 * @param all layer by layer, the head last
 * @param head the last of them; null where there is none
 * @param isHeadTied whether the head's weight is the token table
 * @param isEncoder whether the model is an encoder
 */
record LinearLayers<L extends Linear>(
        String family, int layerCount, List<L> all, L head, boolean isHeadTied, boolean isEncoder) {

    static LinearLayers<Projection> of(LanguageModel model) {
        Transformer transformer = model.transformer();
        Projection head = transformer.head();
        return new LinearLayers<>(
                model.config().family(),
                model.config().layers(),
                transformer.projections(),
                head,
                head != null && head.weight() == transformer.tokens(),
                model.config().isEncoder());
    }

    static LinearLayers<LinearShape> of(ModelShape shape) {
        List<LinearShape> all = shape.linearLayers();
        return new LinearLayers<>(
                shape.config().family(),
                shape.config().layers(),
                all,
                shape.hasHead() ? all.get(all.size() - 1) : null,
                shape.isHeadTied(),
                shape.config().isEncoder());
    }
}
