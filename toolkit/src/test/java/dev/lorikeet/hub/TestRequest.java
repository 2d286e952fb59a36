package dev.lorikeet.hub;

import com.sun.net.httpserver.HttpExchange;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A request that a {@link TestHub} got.
 *
 * @param port of the server that got it
 * @param path as it came, percent signs and all
 * @param headers their names in lower case
 */
public record TestRequest(int port, String method, String path, Map<String, String> headers) {

    static TestRequest of(HttpExchange exchange) {
        Map<String, String> headers = new TreeMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
        return new TestRequest(
                exchange.getLocalAddress().getPort(),
                exchange.getRequestMethod(),
                exchange.getRequestURI().getRawPath(),
                headers);
    }

    /** A header, or "" if it was not there. */
    public String header(String name) {
        return headers.getOrDefault(name, "");
    }
}
