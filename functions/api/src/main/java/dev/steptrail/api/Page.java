package dev.steptrail.api;

import dev.steptrail.api.json.Json;
import dev.steptrail.aws.BucketUrls;
import dev.steptrail.aws.CdnUrls;
import dev.steptrail.aws.Settings;
import dev.steptrail.viewer.StaticFiles;
import java.net.URI;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Every page of the viewer: one document, whose script shows what its path says. It holds nothing of anybody, needs no token and no
 * database, and may load and ask only what its policy names.
 */
final class Page implements Route.BrowserHandler {
    private final Supplier<StaticFiles> files;
    private final String config;
    private final Map<String, String> headers;

    /**
     * @param settings {@code STEPTRAIL_ISSUER}, {@code STEPTRAIL_CLIENT_ID}; {@code STEPTRAIL_SIGN_IN_ORIGIN} where the issuer's pages are
     *     elsewhere; and what {@link BucketUrls} takes
     * @throws IllegalArgumentException naming the setting that is missing or wrong
     */
    Page(Settings settings, Supplier<StaticFiles> files) {
        this.files = files;
        String issuer = settings.required("STEPTRAIL_ISSUER");
        this.config = config(issuer, settings.required("STEPTRAIL_CLIENT_ID"));
        String issuerOrigin = origin("STEPTRAIL_ISSUER", issuer);
        String signIn = settings.optional("STEPTRAIL_SIGN_IN_ORIGIN", issuerOrigin);
        this.headers = headers(whereObjectsAre(settings), issuerOrigin, origin("STEPTRAIL_SIGN_IN_ORIGIN", signIn));
    }

    @Override
    public Response answer(Map<String, String> variables) {
        StaticFiles now = files.get();
        return new Response(
                200,
                headers,
                now.page().replace("{{static}}", "/static/" + now.hash()).replace("{{config}}", config));
    }

    /** As JSON within a script element, which ends at the first {@code </script}. */
    private static String config(String issuer, String clientId) {
        return Json.text(json -> {
                    json.writeStartObject();
                    json.writeStringField("issuer", issuer);
                    json.writeStringField("client_id", clientId);
                    json.writeStringField("scope", "openid");
                    json.writeEndObject();
                })
                .replace("<", "\\u003c");
    }

    private static Map<String, String> headers(String bucket, String issuer, String signIn) {
        String policy = String.join(
                "; ",
                "default-src 'none'",
                "script-src 'self'",
                // No text becomes markup or a script's address, but the templates of lit-html.
                "require-trusted-types-for 'script'",
                "trusted-types lit-html",
                "style-src 'self'",
                "img-src 'self' " + bucket,
                "connect-src 'self' " + bucket + " " + issuer + (signIn.equals(issuer) ? "" : " " + signIn),
                "base-uri 'none'",
                "form-action 'none'",
                "frame-ancestors 'none'");
        return Map.of(
                "content-type", "text/html; charset=utf-8",
                // No ETag: a browser that is told 304 keeps the policy that it had, and this is 1 KB.
                "cache-control", "no-cache",
                "content-security-policy", policy,
                "referrer-policy", "no-referrer",
                "x-content-type-options", "nosniff",
                "cross-origin-opener-policy", "same-origin",
                "permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
                // Which browsers heed over TLS alone.
                "strict-transport-security", "max-age=31536000");
    }

    /** Screenshots and exports. */
    private static String whereObjectsAre(Settings settings) {
        String bucket = new BucketUrls(settings).origin();
        return CdnUrls.of(settings).map(cdn -> bucket + " " + cdn.origin()).orElse(bucket);
    }

    private static String origin(String setting, String url) {
        try {
            URI parsed = URI.create(url);
            if (parsed.getHost() != null && parsed.getScheme().matches("https?")) {
                return parsed.getScheme() + "://" + parsed.getRawAuthority();
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(setting + ": must be a URL, like https://issuer.example.com", e);
        }
        throw new IllegalArgumentException(setting + ": must be a URL, like https://issuer.example.com");
    }
}
