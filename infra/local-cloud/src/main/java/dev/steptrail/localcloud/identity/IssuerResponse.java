package dev.steptrail.localcloud.identity;

import java.util.Map;

/** An HTTP response of the issuer. */
public record IssuerResponse(int status, Map<String, String> headers, String body) {
    public IssuerResponse {
        headers = Map.copyOf(headers);
    }

    /** Returns a JSON response that caches must not store. */
    static IssuerResponse noStoreJson(int status, String json) {
        return new IssuerResponse(
                status,
                Map.of("content-type", "application/json", "cache-control", "no-store", "pragma", "no-cache"),
                json);
    }

    static IssuerResponse redirect(String location) {
        return new IssuerResponse(
                302, Map.of("location", location, "cache-control", "no-store", "referrer-policy", "no-referrer"), "");
    }
}
