package dev.steptrail.api;

import dev.steptrail.stepformat.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Adds an {@code ETag} to responses. Returns 304 if the request's {@code If-None-Match} contains it (RFC 9110, 8.8.3
 * and 13.1.2), so that polling a running task is cheap.
 */
final class ETagFilter {
    private ETagFilter() {}

    /**
     * Returns the response with a hash of its body as its tag, or 304. Errors and responses with {@code cache-control}
     * are unchanged.
     */
    static Response apply(Response response, @Nullable String ifNoneMatch) {
        if (response.status() != 200 || response.headers().containsKey("cache-control")) {
            return response;
        }
        return respond(tag(response.body()), ifNoneMatch, () -> response);
    }

    /**
     * Returns the response with a hash of its version as its tag, or 304 without creating the response.
     *
     * @param version identifies the body among all responses of the URL to the caller
     * @param response creates a response of status 200 without {@code cache-control}
     */
    static Response apply(String version, @Nullable String ifNoneMatch, Supplier<Response> response) {
        return respond(tag(version.getBytes(StandardCharsets.UTF_8)), ifNoneMatch, response);
    }

    private static Response respond(String tag, @Nullable String ifNoneMatch, Supplier<Response> response) {
        Map<String, String> cacheHeaders = Map.of("etag", tag, "cache-control", "private, no-cache");
        if (ifNoneMatch != null && matches(ifNoneMatch, tag)) {
            return new Response(304, cacheHeaders, new byte[0]);
        }
        Response complete = response.get();
        Map<String, String> headers = new HashMap<>(complete.headers());
        headers.putAll(cacheHeaders);
        return new Response(200, headers, complete.body());
    }

    private static String tag(byte[] content) {
        return '"' + Sha256.hex(content).substring(0, 32) + '"';
    }

    /** Compares tags weakly (RFC 9110, 8.8.3.2): the prefix {@code W/} is ignored. */
    private static boolean matches(String ifNoneMatch, String tag) {
        return ifNoneMatch.trim().equals("*")
                || Arrays.stream(ifNoneMatch.split(",", -1))
                        .map(String::trim)
                        .map(candidate -> candidate.startsWith("W/") ? candidate.substring(2) : candidate)
                        .anyMatch(tag::equals);
    }
}
