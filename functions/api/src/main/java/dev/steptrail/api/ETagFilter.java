package dev.steptrail.api;

import dev.steptrail.stepformat.Sha256;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Adds an {@code ETag}, a hash of the body, to responses. Returns 304 if the request's {@code If-None-Match} contains
 * it (RFC 9110, 8.8.3 and 13.1.2), so that polling a running task is cheap.
 */
final class ETagFilter {
    private ETagFilter() {}

    /** Returns the response with its tag, or 304. Errors and responses with {@code cache-control} are unchanged. */
    static Response apply(Response response, @Nullable String ifNoneMatch) {
        if (response.status() != 200 || response.headers().containsKey("cache-control")) {
            return response;
        }
        byte[] body = response.body();
        String tag = '"' + Sha256.hex(body).substring(0, 32) + '"';
        Map<String, String> cacheHeaders = Map.of("etag", tag, "cache-control", "private, no-cache");
        if (ifNoneMatch != null && matches(ifNoneMatch, tag)) {
            return new Response(304, cacheHeaders, new byte[0]);
        }
        Map<String, String> headers = new HashMap<>(response.headers());
        headers.putAll(cacheHeaders);
        return new Response(200, headers, body);
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
