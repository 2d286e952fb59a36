package dev.lorikeet.lora;

import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.LinearShape;
import dev.lorikeet.model.ModelShape;
import dev.lorikeet.model.block.Linear;
import dev.lorikeet.model.block.Projection;
import java.util.List;

/**
 * The linear layers of a model, or of the shape of one, among which an adapter finds its targets.
 *
 * @param family the name of the model's family
 * @param layerCount how many transformer layers it has
 * @param all layer by layer, the head last
 * @param isHeadTied whether the head's weight is the token table
 */
record LinearLayers<L extends Linear>(String family, int layerCount, List<L> all, boolean isHeadTied) {

    static LinearLayers<Projection> of(LanguageModel model) {
        boolean tied =
                model.transformer().head().weight() == model.transformer().tokens();
        return new LinearLayers<>(
                model.config().family(),
                model.config().layers(),
                model.transformer().projections(),
                tied);
    }

    static LinearLayers<LinearShape> of(ModelShape shape) {
        return new LinearLayers<>(
                shape.config().family(), shape.config().layers(), shape.linearLayers(), shape.isHeadTied());
    }

    L head() {
        return all.get(all.size() - 1);
    }
}
