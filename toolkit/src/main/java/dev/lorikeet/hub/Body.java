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
 * The body of an answer, handed from the HTTP client's threads to the one that asked. That one writes and hashes, so it can
 * be interrupted, and what it shows appears in its cell; the client receives a little ahead of it.
 */
final class Body implements BodySubscriber<Body> {

    private static final int AHEAD = 64;
    private static final List<ByteBuffer> END = List.of();

    private final BlockingQueue<List<ByteBuffer>> arrived = new LinkedBlockingQueue<>();
    private volatile Throwable failure;
    private Subscription subscription;
    private boolean cancelled;

    /**
     * The next bytes, an empty list at the end.
     *
     * @throws NetworkException if the connection breaks off, or nothing arrives for {@code patience}
     */
    List<ByteBuffer> next(Duration patience) throws NetworkException, InterruptedException {
        List<ByteBuffer> buffers = arrived.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
        if (buffers == null) {
            throw NetworkException.silent(patience);
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
    public CompletionStage<Body> getBody() {
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
