package dev.lorikeet.hub;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/**
 * Sends HTTP requests; the calling thread may be interrupted at any time. Redirects are followed here and not by the client,
 * because the token is for the hub alone.
 */
final class Http {

    private static final int MOST_REDIRECTS = 10;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final Set<Integer> BUSY = Set.of(429, 500, 502, 503, 504);

    private final HttpClient client;
    private final RetryPolicy policy;
    private final URI endpoint;
    private final Optional<String> token;

    /** @param token sent to the scheme, host and port of {@code endpoint} only */
    Http(RetryPolicy policy, URI endpoint, Optional<String> token) {
        // Files come one at a time, which HTTP/2 would not make faster.
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(policy.connectTimeout())
                .build();
        this.policy = policy;
        this.endpoint = endpoint;
        this.token = token;
    }

    /**
     * Requests the headers of an address.
     *
     * @param enough whether a redirect already tells all that is wanted, so that it is not followed
     */
    HubResponse head(URI address, Predicate<HubResponse> enough) throws IOException, InterruptedException {
        return follow("HEAD", address, 0, enough);
    }

    /**
     * Requests the content at an address; the status may be 416 if there is nothing from {@code offset} on.
     *
     * @param offset bytes that are here already; the server may ignore it, see {@link HubResponse#start}
     */
    HubResponse get(URI address, long offset) throws IOException, InterruptedException {
        return follow("GET", address, offset, response -> false);
    }

    private HubResponse follow(String method, URI address, long offset, Predicate<HubResponse> enough)
            throws IOException, InterruptedException {
        URI target = address;
        for (int redirects = 0; ; redirects++) {
            HubResponse response = send(request(method, target, offset));
            if (!REDIRECTS.contains(response.status())) {
                return checked(response);
            }
            if (enough.test(response)) {
                return response;
            }
            if (redirects == MOST_REDIRECTS) {
                throw new RefusedException("it redirects more than " + MOST_REDIRECTS + " times", response);
            }
            target = response.target()
                    .orElseThrow(() -> new RefusedException(
                            "it redirects to \"" + response.header("Location").orElse("")
                                    + "\", which cannot be followed",
                            response));
        }
    }

    private HttpRequest request(String method, URI address, long offset) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .GET()
                .header("User-Agent", "lorikeet/java-" + Runtime.version().feature())
                // Sizes, ranges and hashes are those of the file, not of a compressed form.
                .header("Accept-Encoding", "identity");
        if (method.equals("HEAD")) {
            request.method(method, BodyPublishers.noBody());
        }
        if (offset > 0) {
            request.header("Range", "bytes=" + offset + "-");
        }
        if (isHub(address)) {
            token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
        }
        return request.build();
    }

    /** Whether an address has the scheme, host and port of the endpoint. */
    boolean isHub(URI address) {
        return address.getScheme().equalsIgnoreCase(endpoint.getScheme())
                && address.getHost().equalsIgnoreCase(endpoint.getHost())
                && port(address) == port(endpoint);
    }

    private static int port(URI address) {
        int implied = address.getScheme().equalsIgnoreCase("https") ? 443 : 80;
        return address.getPort() < 0 ? implied : address.getPort();
    }

    private HubResponse send(HttpRequest request) throws NetworkException, InterruptedException {
        ResponseBody body = new ResponseBody();
        CompletableFuture<HttpResponse<ResponseBody>> pending =
                client.sendAsync(request, info -> subscriber(request, info, body));
        boolean answered = false;
        try {
            long wait = Math.max(
                    policy.connectTimeout().toNanos(), policy.readTimeout().toNanos());
            HttpResponse<ResponseBody> response = pending.get(wait, TimeUnit.NANOSECONDS);
            answered = true;
            return new HubResponse(request.uri(), response.statusCode(), response.headers(), body);
        } catch (TimeoutException e) {
            throw NetworkException.timeout(policy.readTimeout());
        } catch (ExecutionException e) {
            throw NetworkException.of(e.getCause());
        } finally {
            if (!answered) {
                pending.cancel(true);
                body.cancel();
            }
        }
    }

    /** The body of an error or a redirect is for browsers; it is read to its end so that the connection can be used again. */
    private static BodySubscriber<ResponseBody> subscriber(HttpRequest request, ResponseInfo info, ResponseBody body) {
        boolean wanted = request.method().equals("GET") && info.statusCode() / 100 == 2;
        return wanted ? body : BodySubscribers.replacing(body);
    }

    private static HubResponse checked(HubResponse response) throws IOException {
        if (BUSY.contains(response.status())) {
            throw NetworkException.busy(response);
        }
        if (response.status() / 100 != 2 && response.status() != 416) {
            throw new RefusedException("the server answered " + response.status(), response);
        }
        return response;
    }
}
