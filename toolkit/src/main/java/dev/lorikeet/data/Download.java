package dev.lorikeet.data;

import dev.lorikeet.base.Progress;
import dev.lorikeet.base.StoppedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One small file from the web, in memory. Gives up when nothing arrives for a while, so that offline is quickly known. */
final class Download {

    private static final long LOOK_MILLIS = 50;

    private final Duration patience;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private long total;
    private long lastArrival = System.nanoTime();

    private Download(Duration patience) {
        this.patience = patience;
    }

    /**
     * The bytes at an address, redirects followed.
     *
     * @param patience how long to wait for a connection, an answer or the next bytes
     * @throws IOException with a reason that can be said to people
     * @throws StoppedException if the thread is interrupted
     */
    static byte[] bytes(URI address, String title, Duration patience) throws IOException {
        return new Download(patience).run(address, title);
    }

    private byte[] run(URI address, String title) throws IOException {
        HttpClient client = HttpClient.newBuilder()
                .connectTimeout(patience)
                .followRedirects(Redirect.NORMAL)
                .build();
        CompletableFuture<HttpResponse<Void>> answer =
                client.sendAsync(HttpRequest.newBuilder(address).build(), this::subscriber);
        try {
            HttpResponse<Void> response = await(answer, title);
            if (response.statusCode() != 200) {
                throw new IOException("the server answered " + response.statusCode());
            }
            return received();
        } catch (ExecutionException e) {
            throw new IOException(reason(e.getCause()), e.getCause());
        } catch (InterruptedException e) {
            throw new StoppedException(title + " was stopped; nothing was changed.");
        } finally {
            answer.cancel(true);
        }
    }

    /** Waits on the calling thread, because what other threads print does not appear in a notebook's cell. */
    private HttpResponse<Void> await(CompletableFuture<HttpResponse<Void>> answer, String title)
            throws IOException, ExecutionException, InterruptedException {
        Progress progress = null;
        try {
            while (true) {
                try {
                    return answer.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    if (idleNanos() > patience.toNanos()) {
                        throw new IOException("nothing arrived for " + patience.toSeconds() + " s", e);
                    }
                }
                if (progress == null && total() > 0) {
                    progress = Progress.start(title, total());
                }
                if (progress != null) {
                    progress.at(received().length, "bytes");
                }
            }
        } finally {
            if (progress != null) {
                progress.at(received().length, "bytes");
                progress.close();
            }
        }
    }

    private synchronized BodySubscriber<Void> subscriber(ResponseInfo info) {
        lastArrival = System.nanoTime();
        if (info.statusCode() != 200) {
            return BodySubscribers.discarding();
        }
        total = info.headers().firstValueAsLong("content-length").orElse(0);
        return BodySubscribers.ofByteArrayConsumer(this::arrived);
    }

    private synchronized void arrived(Optional<byte[]> bytes) {
        lastArrival = System.nanoTime();
        bytes.ifPresent(received::writeBytes);
    }

    private synchronized long idleNanos() {
        return System.nanoTime() - lastArrival;
    }

    private synchronized long total() {
        return total;
    }

    private synchronized byte[] received() {
        return received.toByteArray();
    }

    private static String reason(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException) {
                return "the server's name is not known here";
            }
        }
        String message = failure.getMessage();
        return message == null || message.isBlank() ? "no connection" : message;
    }
}
