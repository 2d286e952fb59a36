package dev.lorikeet.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * A Hugging Face hub on this machine, with a second server for large files as the real one has. Repositories are named
 * {@code owner/name} or {@code datasets/owner/name}; each has one commit, which changes with its files.
 */
public final class TestHub implements AutoCloseable {

    static {
        // Without it an answer that is written in two pieces may take 40 ms.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    /** Long enough for a machine with much else to do, and retries that do not wait. */
    static final RetryPolicy POLICY =
            new RetryPolicy(Duration.ofSeconds(10), Duration.ofSeconds(10), 5, Duration.ofMillis(5));

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final TestRepositories repositories = new TestRepositories();
    private final Map<String, Fault> refusals = new ConcurrentHashMap<>();
    private final Set<String> absent = ConcurrentHashMap.newKeySet();
    private final Map<String, String> renamed = new ConcurrentHashMap<>();
    private final List<TestRequest> requests = new CopyOnWriteArrayList<>();
    private final List<TestRequest> downloads = new CopyOnWriteArrayList<>();
    private final Queue<Fault> faults = new ConcurrentLinkedQueue<>();
    private final Queue<Fault> contentFaults = new ConcurrentLinkedQueue<>();
    private final CountDownLatch end = new CountDownLatch(1);
    private final HttpServer server;
    private final HttpServer cdn;

    private TestHub() {
        server = start(this::answer);
        cdn = start(this::answerContent);
    }

    /** A hub without repositories. */
    public static TestHub start() {
        return new TestHub();
    }

    private HttpServer start(HttpHandler handler) {
        try {
            HttpServer started = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            started.setExecutor(threads);
            started.createContext("/", exchange -> {
                requests.add(TestRequest.of(exchange));
                try (exchange) {
                    handler.handle(exchange);
                }
            });
            started.start();
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What {@code HF_ENDPOINT} is to be. */
    public String endpoint() {
        return address(server);
    }

    /**
     * A client of this hub with a cache of its own.
     *
     * @param home what {@code HF_HOME} is to be
     */
    public Hub client(Path home) {
        return client(home, Map.of());
    }

    /** A client with environment variables, such as {@code HF_HUB_OFFLINE}. */
    public Hub client(Path home, Map<String, String> variables) {
        return client(home, variables, POLICY, line -> {});
    }

    Hub client(Path home, Map<String, String> variables, RetryPolicy policy, Consumer<String> say) {
        Map<String, String> environment = new TreeMap<>(variables);
        environment.putIfAbsent("HF_ENDPOINT", endpoint());
        environment.putIfAbsent("HF_HOME", home.toString());
        return new Hub(new Environment(environment, home), policy, say);
    }

    private static String address(HttpServer server) {
        return "http://localhost:" + server.getAddress().getPort();
    }

    /** Adds a small file, which git keeps, or replaces one. */
    public TestHub add(String repository, String file, byte[] content) {
        return put(repository, file, TestFile.small(content));
    }

    /** Adds a large file, which lies on the second server and is read from the disk at each request. */
    public TestHub add(String repository, String file, Path content) {
        return put(repository, file, TestFile.large(content));
    }

    /** Adds a large file. */
    public TestHub addLarge(String repository, String file, byte[] content) {
        return put(repository, file, TestFile.large(content));
    }

    TestHub put(String repository, String file, TestFile content) {
        repositories.put(repository, file, content);
        return this;
    }

    /** The commit that all revisions of a repository mean at present. */
    public String commit(String repository) {
        return repositories.commit(repository);
    }

    /** Answers every request for a repository so, a {@code code} of the hub's given. */
    public void refuse(String repository, int status, String code) {
        refusals.put(repository, Fault.status(status, Map.of("X-Error-Code", code)));
    }

    /** Answers that a repository has no such revision; otherwise every revision means the same commit. */
    public void withoutRevision(String repository, String revision) {
        absent.add(repository + "@" + revision);
    }

    /** Redirects every request for a repository to its new name. */
    public void rename(String old, String repository) {
        renamed.put(old, repository);
    }

    /** What goes wrong with the next requests to the hub itself, one after the other. */
    public void next(Fault... hubFaults) {
        faults.addAll(List.of(hubFaults));
    }

    /** What goes wrong with the next requests for the contents of files, wherever they lie. */
    public void nextContent(Fault... faultsOfContents) {
        contentFaults.addAll(List.of(faultsOfContents));
    }

    /** All requests so far, the oldest first. */
    public List<TestRequest> requests() {
        return List.copyOf(requests);
    }

    /** Whether a request was made to the server for large files. */
    public boolean isCdn(TestRequest request) {
        return request.port() == cdn.getAddress().getPort();
    }

    /** Those that were answered with a file's content, or should have been. */
    public List<TestRequest> downloads() {
        return List.copyOf(downloads);
    }

    private static String path(HttpExchange exchange) {
        return exchange.getRequestURI().getRawPath();
    }

    private void answer(HttpExchange exchange) throws IOException {
        Fault fault = faults.poll();
        if (fault != null && fault.kind() != Fault.Kind.NONE) {
            fault.answer(exchange, end);
        } else if (path(exchange).startsWith("/api/")) {
            list(exchange);
        } else {
            resolve(exchange);
        }
    }

    private void list(HttpExchange exchange) throws IOException {
        String[] parts = path(exchange).substring("/api/".length()).split("/revision/", 2);
        String repository = parts[0].replaceFirst("^models/", "");
        if (isRefused(exchange, repository)) {
            return;
        }
        if (absent.contains(repository + "@" + URLDecoder.decode(parts[1], StandardCharsets.UTF_8))) {
            Fault.status(404, Map.of("X-Error-Code", "RevisionNotFound")).answer(exchange, end);
            return;
        }
        byte[] json = repositories.listing(repository);
        exchange.sendResponseHeaders(200, json.length);
        exchange.getResponseBody().write(json);
    }

    private void resolve(HttpExchange exchange) throws IOException {
        String repository = TestRepositories.Address.of(path(exchange)).repository();
        if (isRefused(exchange, repository)) {
            return;
        }
        TestFile file = repositories.find(path(exchange));
        exchange.getResponseHeaders().set("X-Repo-Commit", commit(repository));
        if (file == null) {
            Fault.status(404, Map.of("X-Error-Code", "EntryNotFound")).answer(exchange, end);
        } else if (file.large()) {
            exchange.getResponseHeaders().set("X-Linked-Etag", "\"" + file.etag() + "\"");
            exchange.getResponseHeaders().set("X-Linked-Size", String.valueOf(file.size()));
            exchange.getResponseHeaders().set("Location", address(cdn) + path(exchange));
            exchange.sendResponseHeaders(302, -1);
        } else if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("ETag", "\"" + file.etag() + "\"");
            exchange.getResponseHeaders().set("Content-Length", String.valueOf(file.size()));
            exchange.sendResponseHeaders(200, -1);
        } else {
            answerContent(exchange);
        }
    }

    private void answerContent(HttpExchange exchange) throws IOException {
        downloads.add(TestRequest.of(exchange));
        TestFile file = repositories.find(path(exchange));
        Fault next = contentFaults.poll();
        Fault fault = next == null ? Fault.none() : next;
        if (fault.kind() == Fault.Kind.STATUS) {
            fault.answer(exchange, end);
        } else {
            file.serve(exchange, fault, end);
        }
    }

    private boolean isRefused(HttpExchange exchange, String repository) throws IOException {
        if (renamed.containsKey(repository)) {
            String target = path(exchange).replaceFirst(repository, renamed.get(repository));
            Fault.status(307, Map.of("Location", target)).answer(exchange, end);
        } else if (refusals.containsKey(repository)) {
            refusals.get(repository).answer(exchange, end);
        } else if (!repositories.contains(repository)) {
            Fault.status(404, Map.of("X-Error-Code", "RepoNotFound")).answer(exchange, end);
        } else {
            return false;
        }
        return true;
    }

    @Override
    public void close() {
        end.countDown();
        server.stop(0);
        cdn.stop(0);
        threads.shutdownNow();
    }
}
