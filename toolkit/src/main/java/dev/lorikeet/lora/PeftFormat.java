package dev.lorikeet.lora;

import dev.lorikeet.model.Adapter;
import dev.lorikeet.model.AdapterFormat;
import dev.lorikeet.model.LanguageModel;
import java.nio.file.Files;
import java.nio.file.Path;

/** Lets {@link dev.lorikeet.model.Models} load adapters in PEFT's layout together with their base; found as a service. */
public final class PeftFormat implements AdapterFormat {

    /** Creates it; {@link java.util.ServiceLoader} needs that to be public. */
    public PeftFormat() {}

    @Override
    public boolean isIn(Path folder) {
        return Files.exists(folder.resolve(AdapterConfig.FILE));
    }

    @Override
    public Description describe(Path folder) {
        return AdapterFacts.describe(folder);
    }

    @Override
    public Adapter load(Path folder, LanguageModel model) {
        return Lora.load(folder, model);
    }
}
