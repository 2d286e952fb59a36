package dev.lorikeet.model;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.model.block.Layer;
import dev.lorikeet.model.block.Projection;
import dev.lorikeet.model.block.Transformer;
import dev.lorikeet.tensor.Quantization;

/** Stores the weights of a loaded model in fewer bits. */
final class LayerQuantization {

    private LayerQuantization() {}

    /**
     * Quantises the layers' projections, one after the other, with INT8 the token table and the head too. {@link
     * Models#load(String, Quantization)} does it while loading and never holds more than one in full.
     *
     * @throws dev.lorikeet.base.LorikeetException if one of them is trained or quantised already
     */
    static void run(Transformer transformer, Quantization how) {
        BadArgumentException.unless(how != Quantization.AS_STORED, "quantization", how, "NF4, NF4_DOUBLE or INT8");
        for (Layer layer : transformer.layers()) {
            for (Projection projection : layer.projections()) {
                StoppedException.check("Quantising was stopped at " + projection.path() + "; the model can be used");
                projection.quantize(how);
            }
        }
        if (how == Quantization.INT8) {
            transformer.stored().stream()
                    .filter(weight ->
                            !weight.isQuantized() && !weight.parameter().requiresGradient())
                    .forEach(weight -> weight.quantize(Quantization.INT8));
        }
    }
}
