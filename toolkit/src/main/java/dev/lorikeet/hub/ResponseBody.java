package dev.lorikeet.hub;

import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The body of a response, handed from the HTTP client's threads to the calling one, which writes and hashes. So the call can
 * be interrupted, and its progress bar appears in its cell. The client receives a little ahead.
 */
final class ResponseBody implements BodySubscriber<ResponseBody> {

    private static final int AHEAD = 64;
    private static final List<ByteBuffer> END = List.of();

    private final BlockingQueue<List<ByteBuffer>> arrived = new LinkedBlockingQueue<>();
    private volatile Throwable failure;
    private Subscription subscription;
    private boolean cancelled;

    /**
     * Waits for the next bytes; an empty list is the end.
     *
     * @throws NetworkException if the connection breaks off, or nothing arrives within {@code timeout}
     */
    List<ByteBuffer> next(Duration timeout) throws NetworkException, InterruptedException {
        List<ByteBuffer> buffers = arrived.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
        if (buffers == null) {
            throw NetworkException.timeout(timeout);
        }
        if (buffers.isEmpty() && failure != null) {
            throw NetworkException.of(failure);
        }
        request();
        return buffers;
    }

    synchronized void cancel() {
        cancelled = true;
        if (subscription != null) {
            subscription.cancel();
        }
    }

    private synchronized void request() {
        subscription.request(1);
    }

    @Override
    public CompletionStage<ResponseBody> getBody() {
        return CompletableFuture.completedFuture(this);
    }

    @Override
    public synchronized void onSubscribe(Subscription subscription) {
        this.subscription = subscription;
        if (cancelled) {
            subscription.cancel();
        } else {
            subscription.request(AHEAD);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        if (buffers.isEmpty()) {
            request();
        } else {
            arrived.add(buffers);
        }
    }

    @Override
    public void onError(Throwable failure) {
        this.failure = failure;
        arrived.add(END);
    }

    @Override
    public void onComplete() {
        arrived.add(END);
    }
}
