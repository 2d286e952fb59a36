package dev.lorikeet.hub;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Another process that downloads a repository and then waits to be killed. */
final class KilledDownload {

    static final String STARTED = "Downloading";
    static final String MODEL = "owner/some-model";
    static final List<String> FILES = List.of("config.json", "model.safetensors");

    private KilledDownload() {}

    /** @param arguments the hub's address, and what {@code HF_HOME} is to be */
    public static void main(String[] arguments) throws InterruptedException {
        Map<String, String> variables = Map.of("HF_ENDPOINT", arguments[0], "HF_HOME", arguments[1]);
        Hub hub = new Hub(new Environment(variables, Path.of(arguments[1])), TestHub.POLICY, line -> {});
        System.out.println(STARTED);
        hub.fetch(Repository.model(MODEL), FILES);
        Thread.sleep(Long.MAX_VALUE);
    }
}
