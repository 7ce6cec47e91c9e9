package dev.steptrail.api;

import dev.steptrail.api.Problem.Kind;
import dev.steptrail.api.json.Json;
import dev.steptrail.aws.BucketUrls;
import dev.steptrail.aws.CdnUrls;
import dev.steptrail.aws.Settings;
import dev.steptrail.viewer.StaticFile;
import dev.steptrail.viewer.StaticFiles;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The viewer's pages and files. Every page is one document, whose script shows what its path says. It holds nothing of anybody, needs
 * no token and no database, and may load and ask only what its policy names.
 */
final class Pages {
    /** The API document does not list them. */
    private static final List<String> ROUTES = List.of(
            "GET /",
            "GET /tasks",
            "GET /tasks/{task_id}",
            "GET /compare",
            "GET /insights",
            "GET /shared/{task_id}",
            "GET /signed-in");

    private final String config;
    private final Map<String, String> headers;
    private @Nullable StaticFiles files;

    private record Config(String issuer, String clientId, String scope) {}

    /**
     * @param settings {@code STEPTRAIL_ISSUER}, {@code STEPTRAIL_CLIENT_ID}; {@code STEPTRAIL_SIGN_IN_ORIGIN} where the issuer's pages are
     *     elsewhere; and what {@link BucketUrls} takes
     * @throws IllegalArgumentException naming the setting that is missing or wrong
     */
    Pages(Settings settings) {
        String issuer = settings.required("STEPTRAIL_ISSUER");
        this.config = config(issuer, settings.required("STEPTRAIL_CLIENT_ID"));
        String issuerOrigin = origin("STEPTRAIL_ISSUER", issuer);
        String signIn = settings.optional("STEPTRAIL_SIGN_IN_ORIGIN", issuerOrigin);
        this.headers = headers(whereObjectsAre(settings), issuerOrigin, origin("STEPTRAIL_SIGN_IN_ORIGIN", signIn));
    }

    /** The routes that a browser loads pages and files from, by API Gateway's route key. */
    Map<String, Route> routes() {
        Map<String, Route> routes = new HashMap<>();
        ROUTES.forEach(key -> routes.put(key, new Route.OfBrowser(variables -> page())));
        routes.put("GET /static/{hash}/{file+}", new Route.OfBrowser(this::file));
        return routes;
    }

    private Response page() {
        StaticFiles now = files();
        return new Response(
                200,
                headers,
                now.page().replace("{{static}}", "/static/" + now.hash()).replace("{{config}}", config));
    }

    /**
     * Returns a file of the viewer, which browsers may cache indefinitely. Under another hash there is nothing: a page of another release
     * must not mix its files with these.
     */
    private Response file(Map<String, String> variables) {
        StaticFiles now = files();
        if (!now.hash().equals(variables.get("hash"))) {
            throw new Problem(Kind.NO_SUCH_ROUTE);
        }
        StaticFile file =
                now.file(variables.getOrDefault("file", "")).orElseThrow(() -> new Problem(Kind.NO_SUCH_ROUTE));
        Map<String, String> ofFile = Map.of(
                "content-type", file.contentType(),
                "cache-control", "public, max-age=31536000, immutable",
                "x-content-type-options", "nosniff",
                "cross-origin-resource-policy", "same-origin");
        return new Response(200, ofFile, file.bytes());
    }

    /** Loads them when a browser asks, so that API clients do not wait for it. */
    private StaticFiles files() {
        StaticFiles loaded = files == null ? StaticFiles.load() : files;
        files = loaded;
        return loaded;
    }

    /** As JSON within a script element, which ends at the first {@code </script}. */
    private static String config(String issuer, String clientId) {
        return Json.text(new Config(issuer, clientId, "openid")).replace("<", "\\u003c");
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
