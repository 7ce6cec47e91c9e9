package dev.steptrail.localcloud.gateway;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.eclipse.jetty.server.Request;

/**
 * A request without its body.
 *
 * @param path decoded once, with a leading slash, as HTTP APIs match it with routes and pass it to functions
 * @param query as sent, without the question mark; empty if there is none
 * @param queryParameters decoded, several values joined by commas
 * @param headers by lower-case name, several values joined by commas
 */
record HttpRequest(
        String method,
        String path,
        String query,
        Map<String, String> queryParameters,
        Map<String, String> headers,
        String protocol,
        String sourceIp) {

    /** @throws IllegalArgumentException if a percent sign is not followed by two hexadecimal digits */
    static HttpRequest of(Request request) {
        Map<String, String> headers = new LinkedHashMap<>();
        request.getHeaders()
                .forEach(field -> headers.merge(
                        field.getName().toLowerCase(Locale.ROOT),
                        Objects.requireNonNullElse(field.getValue(), ""),
                        (a, b) -> a + "," + b));
        String query = Objects.requireNonNullElse(request.getHttpURI().getQuery(), "");
        return new HttpRequest(
                request.getMethod(),
                decode(request.getHttpURI().getPath().replace("+", "%2B")), // + means a space only in queries
                query,
                decodeQuery(query),
                headers,
                request.getConnectionMetaData().getProtocol(),
                Request.getRemoteAddr(request));
    }

    String header(String name) {
        return headers.getOrDefault(name, "");
    }

    /** @throws IllegalArgumentException if a percent sign is not followed by two hexadecimal digits */
    static Map<String, String> decodeQuery(String query) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String pair : query.split("&", -1)) {
            if (!pair.isEmpty()) {
                String[] parts = pair.split("=", 2);
                String value = parts.length == 1 ? "" : decode(parts[1]);
                parameters.merge(decode(parts[0]), value, (a, b) -> a + "," + b);
            }
        }
        return parameters;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
