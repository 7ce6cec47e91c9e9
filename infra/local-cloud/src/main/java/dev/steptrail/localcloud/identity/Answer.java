package dev.steptrail.localcloud.identity;

import java.util.Map;

/** An HTTP response of the issuer. */
public record Answer(int status, Map<String, String> headers, String body) {
    public Answer {
        headers = Map.copyOf(headers);
    }

    /** JSON that no cache may store. */
    static Answer json(int status, String json) {
        return new Answer(
                status,
                Map.of("content-type", "application/json", "cache-control", "no-store", "pragma", "no-cache"),
                json);
    }

    static Answer redirect(String location) {
        return new Answer(
                302, Map.of("location", location, "cache-control", "no-store", "referrer-policy", "no-referrer"), "");
    }
}
