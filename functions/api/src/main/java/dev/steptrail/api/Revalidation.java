package dev.steptrail.api;

import dev.steptrail.stepformat.Sha256;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gives answers an {@code ETag}, and who names it in {@code If-None-Match} a 304 without a body as long as the answer is the same (RFC
 * 9110, 8.8.3 and 13.1.2): so a viewer follows a running task. The tag is of the answer itself, so that it can miss no change.
 */
final class Revalidation {
    private Revalidation() {}

    /** The answer with its tag, or 304; one that nobody may keep, and one that is none of success, as it is. */
    static Response of(Response response, @Nullable String ifNoneMatch) {
        if (response.status() != 200 || response.headers().containsKey("cache-control")) {
            return response;
        }
        byte[] body = response.body();
        String tag = '"' + Sha256.hex(body).substring(0, 32) + '"';
        Map<String, String> validity = Map.of("etag", tag, "cache-control", "private, no-cache");
        if (ifNoneMatch != null && names(ifNoneMatch, tag)) {
            return new Response(304, validity, new byte[0]);
        }
        Map<String, String> headers = new HashMap<>(response.headers());
        headers.putAll(validity);
        return new Response(200, headers, body);
    }

    /** A tag is compared weakly: what makes it weak says nothing here. */
    private static boolean names(String ifNoneMatch, String tag) {
        return ifNoneMatch.trim().equals("*")
                || Arrays.stream(ifNoneMatch.split(",", -1))
                        .map(String::trim)
                        .map(named -> named.startsWith("W/") ? named.substring(2) : named)
                        .anyMatch(tag::equals);
    }
}
