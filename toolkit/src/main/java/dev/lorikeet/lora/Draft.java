package dev.lorikeet.lora;

import java.util.List;
import java.util.Map;

/** The settings of a {@link Lora} while one of them is being changed. */
final class Draft {

    int rank;
    double alpha;
    Scaling scaling;
    double dropout;
    Bias bias;
    Targets targets;
    List<Integer> layers;
    List<String> layersPattern;
    List<String> modulesToSave;
    Map<String, Integer> rankPattern;
    Map<String, Double> alphaPattern;
    Init init;
    String name;
    long seed;

    Draft(Lora from) {
        rank = from.rank();
        alpha = from.alpha();
        scaling = from.scaling();
        dropout = from.dropout();
        bias = from.bias();
        targets = from.targets();
        layers = from.layers();
        layersPattern = from.layersPattern();
        modulesToSave = from.modulesToSave();
        rankPattern = from.rankPattern();
        alphaPattern = from.alphaPattern();
        init = from.init();
        name = from.name();
        seed = from.seed();
    }

    Lora settings() {
        return new Lora(
                rank,
                alpha,
                scaling,
                dropout,
                bias,
                targets,
                layers,
                layersPattern,
                modulesToSave,
                rankPattern,
                alphaPattern,
                init,
                name,
                seed);
    }
}
