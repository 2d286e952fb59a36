package dev.lorikeet.lora;

import dev.lorikeet.base.Progress;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.TinyModels;
import dev.lorikeet.model.io.GgufType;
import java.nio.file.Path;

/** A process of its own that saves adapters, models and GGUF files over one another, until it is killed. */
final class KilledSaves {

    static final String SAVED = "saved";
    static final String ADAPTER = "adapter";
    static final String MODEL = "model";
    static final String GGUF = "model.gguf";

    private KilledSaves() {}

    /** Two models that differ in their weights, each with an adapter that differs in its matrices and its alpha. */
    static PretrainedModel model(int version) {
        PretrainedModel model = TinyModels.load("tiny-llama");
        if (version == 1) {
            Lora.rank(2)
                    .init(Init.RANDOM_B)
                    .seed(3)
                    .on("up_proj")
                    .named("merged")
                    .inject(model)
                    .merge();
        }
        return model;
    }

    static LoraAdapter adapter(PretrainedModel model, int version) {
        return Lora.rank(4)
                .alpha(version == 0 ? 4 : 64)
                .init(Init.RANDOM_B)
                .seed(version)
                .on("q_proj")
                .inject(model);
    }

    public static void main(String[] arguments) {
        Progress.showOn(Progress::silent);
        Path home = Path.of(arguments[0]);
        PretrainedModel[] models = {model(0), model(1)};
        for (int i = 0; ; i++) {
            PretrainedModel model = models[i % 2];
            model.save(home.resolve(MODEL));
            model.saveGguf(home.resolve(GGUF), GgufType.F32);
            LoraAdapter adapter = adapter(model, i % 2);
            adapter.save(home.resolve(ADAPTER));
            adapter.remove();
            System.out.println(SAVED);
        }
    }
}
