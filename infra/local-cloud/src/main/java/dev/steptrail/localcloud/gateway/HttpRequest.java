package dev.steptrail.localcloud.gateway;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A request without its body.
 *
 * @param path decoded, beginning with a slash, as HTTP APIs pass it on
 * @param query as sent, without the question mark; empty when there is none
 * @param queryParameters decoded, several values joined by commas
 * @param headers in order, a name possibly more than once
 */
record HttpRequest(
        String method,
        String path,
        String query,
        Map<String, String> queryParameters,
        List<Map.Entry<String, String>> headers,
        String protocol,
        String sourceIp) {

    /** Headers by lower-case name, several values joined by commas. */
    Map<String, String> joinedHeaders() {
        Map<String, String> joined = new LinkedHashMap<>();
        headers.forEach(header ->
                joined.merge(header.getKey().toLowerCase(Locale.ROOT), header.getValue(), (a, b) -> a + "," + b));
        return joined;
    }

    /** @throws IllegalArgumentException if a percent sign is not followed by two hexadecimal digits */
    static Map<String, String> decodeQuery(String query) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String pair : query.split("&", -1)) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                String value = equals < 0 ? "" : pair.substring(equals + 1);
                parameters.merge(formDecode(name), formDecode(value), (a, b) -> a + "," + b);
            }
        }
        return parameters;
    }

    /** @throws IllegalArgumentException if a percent sign is not followed by two hexadecimal digits */
    static String decodePath(String path) {
        return formDecode(path.replace("+", "%2B"));
    }

    private static String formDecode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
