package dev.lorikeet.notebooks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lorikeet.TestData;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** JupyterLab as {@code binder/lab} sets it up, on a folder of notebooks. */
final class LabServer implements AutoCloseable {

    private static final String TOKEN = "lorikeet";
    private static final long PATIENCE_NANOS = 120_000_000_000L;

    private final Process process;
    private final int port;

    private LabServer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Sets it up, starts it and waits until it answers.
     *
     * @param settings a folder for JupyterLab's settings and for its log
     */
    static LabServer start(Path notebooks, Path settings, Map<String, String> environment)
            throws IOException, InterruptedException {
        int set = new ProcessBuilder(TestData.checkout().resolve("binder/lab").toString(), "--setup")
                .redirectErrorStream(true)
                .redirectOutput(settings.resolve("setup.log").toFile())
                .start()
                .waitFor();
        assertEquals(0, set, () -> "binder/lab --setup: " + settings.resolve("setup.log"));
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        String prefix = System.getenv().getOrDefault("LORIKEET_PREFIX", System.getenv("VIRTUAL_ENV"));
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(prefix, "bin", "python").toString(),
                        "-m",
                        "jupyterlab",
                        "--no-browser",
                        "--allow-root",
                        "--ip=127.0.0.1",
                        "--port=" + port,
                        "--notebook-dir=" + notebooks,
                        "--IdentityProvider.token=" + TOKEN,
                        "--LabApp.expose_app_in_browser=True",
                        "--LabApp.news_url=None")
                .redirectErrorStream(true)
                .redirectOutput(settings.resolve("lab.log").toFile());
        builder.environment().put("JUPYTER_PREFER_ENV_PATH", "1");
        builder.environment().put("JUPYTERLAB_SETTINGS_DIR", settings.toString());
        builder.environment().put("JUPYTERLAB_WORKSPACES_DIR", settings.toString());
        builder.environment().putAll(environment);
        LabServer server = new LabServer(builder.start(), port);
        try {
            server.awaitAnswer();
        } catch (IOException | InterruptedException | RuntimeException e) {
            server.close();
            throw e;
        }
        return server;
    }

    private void awaitAnswer() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port + "/api/status?token=" + TOKEN))
                .build();
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (System.nanoTime() < end && process.isAlive()) {
            try {
                if (HttpClient.newHttpClient()
                                .send(request, HttpResponse.BodyHandlers.discarding())
                                .statusCode()
                        == 200) {
                    return;
                }
            } catch (ConnectException e) {
                // It is not yet there.
            }
            Thread.sleep(200);
        }
        throw new IOException("JupyterLab did not start at " + TestData.checkout());
    }

    String url(String notebook) {
        return "http://127.0.0.1:" + port + "/lab/tree/" + notebook + "?reset&token=" + TOKEN;
    }

    /** Ends it and the kernels that it has started. */
    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
