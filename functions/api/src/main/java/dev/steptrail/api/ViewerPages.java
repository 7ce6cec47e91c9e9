package dev.steptrail.api;

import dev.steptrail.api.Problem.Kind;
import dev.steptrail.api.Route.Access;
import dev.steptrail.api.Route.Names;
import dev.steptrail.api.json.Json;
import dev.steptrail.aws.BucketUrls;
import dev.steptrail.aws.CdnUrls;
import dev.steptrail.aws.Settings;
import dev.steptrail.viewer.StaticFile;
import dev.steptrail.viewer.StaticFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Serves the viewer's pages and files. All pages are the same document, whose script renders the view for the path. The
 * document contains no user data and needs neither token nor database.
 */
final class ViewerPages {
    /** The routes of pages. They are not in openapi.yaml. */
    private static final List<String> ROUTES = List.of(
            "GET /",
            "GET /tasks",
            "GET /tasks/{task_id}",
            "GET /compare",
            "GET /insights",
            "GET /shared/{task_id}",
            "GET /signed-in");

    /** The folder of the files in URLs. */
    private static final String FOLDER = "bundle";

    private final String config;
    private final Map<String, String> headers;
    private @Nullable StaticFiles files;

    private record Config(String issuer, String clientId, String scope) {}

    /**
     * @param settings {@code STEPTRAIL_ISSUER}, {@code STEPTRAIL_CLIENT_ID} and those of {@link BucketUrls} and
     *     {@link CdnUrls}; {@code STEPTRAIL_SIGN_IN_ORIGIN} if the sign-in pages have another origin than the issuer
     * @throws IllegalArgumentException if a setting is missing or invalid; the message names it
     */
    ViewerPages(Settings settings) {
        String issuer = settings.required("STEPTRAIL_ISSUER");
        this.config = configJson(issuer, settings.required("STEPTRAIL_CLIENT_ID"));
        String issuerOrigin = origin("STEPTRAIL_ISSUER", issuer);
        String signIn = settings.optional("STEPTRAIL_SIGN_IN_ORIGIN", issuerOrigin);
        this.headers = headers(objectOrigins(settings), issuerOrigin, origin("STEPTRAIL_SIGN_IN_ORIGIN", signIn));
    }

    /** Returns the routes of pages, files and unknown paths, by API Gateway's route key. */
    Map<String, Route> routes() {
        Map<String, Route> routes = new HashMap<>();
        ROUTES.forEach(key -> routes.put(key, route(request -> page(200))));
        routes.put(GatewayRequest.DEFAULT_ROUTE, route(request -> unknownPath(request.event())));
        routes.put("GET /static/{hash}/{file+}", route(request -> file(request.event())));
        return routes;
    }

    private static Route route(Route.Handler handler) {
        return new Route(Access.VIEWER, Set.of(), Names.OTHER, handler);
    }

    /** Browsers that open an unknown path get a page, other clients the error. */
    private Response unknownPath(GatewayRequest request) {
        if (!request.isForPage()) {
            throw new Problem(Kind.NO_SUCH_ROUTE);
        }
        return page(404);
    }

    private Response page(int status) {
        return new Response(status, headers, files().document().replace("{{config}}", config));
    }

    /**
     * Returns a file of the viewer, which browsers may cache indefinitely. The path is {@code /static/bundle/<name>},
     * where the name contains a hash of the content. Returns 404 for files of other releases.
     */
    private Response file(GatewayRequest request) {
        StaticFile file = files().file(request.variable("file"))
                .filter(found -> request.variable("hash").equals(FOLDER))
                .orElseThrow(() -> new Problem(Kind.NO_SUCH_ROUTE));
        Map<String, String> fileHeaders = new HashMap<>(Map.of(
                "content-type", file.contentType(),
                "cache-control", "public, max-age=31536000, immutable",
                "vary", "accept-encoding",
                "x-content-type-options", "nosniff",
                "cross-origin-resource-policy", "same-origin"));
        if (!acceptsGzip(request)) {
            return new Response(200, fileHeaders, decompress(file.gzip()));
        }
        fileHeaders.put("content-encoding", "gzip");
        return new Response(200, fileHeaders, file.gzip());
    }

    private static boolean acceptsGzip(GatewayRequest request) {
        String encodings = request.header("accept-encoding");
        return encodings != null && encodings.contains("gzip");
    }

    private static byte[] decompress(byte[] bytes) {
        try (GZIPInputStream stream = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Loads the files on first use, so that API requests do not wait for them. Reloads files that can change. */
    private StaticFiles files() {
        StaticFiles loaded = files == null || StaticFiles.canChange() ? StaticFiles.load() : files;
        files = loaded;
        return loaded;
    }

    /** Returns JSON for a script element. Escapes {@code <}, because {@code </script} would end the element. */
    private static String configJson(String issuer, String clientId) {
        return Json.text(new Config(issuer, clientId, "openid")).replace("<", "\\u003c");
    }

    private static Map<String, String> headers(String objectOrigins, String issuer, String signIn) {
        String policy = String.join(
                "; ",
                "default-src 'none'",
                "script-src 'self'",
                // Only lit-html's templates may turn text into markup or script URLs.
                "require-trusted-types-for 'script'",
                "trusted-types lit-html",
                "style-src 'self'",
                "img-src 'self' " + objectOrigins,
                "connect-src 'self' " + objectOrigins + " " + issuer + (signIn.equals(issuer) ? "" : " " + signIn),
                "base-uri 'none'",
                "form-action 'none'",
                "frame-ancestors 'none'");
        return Map.of(
                "content-type", "text/html; charset=utf-8",
                // No ETag: after a 304 a browser would keep the old policy, and the page is only 1 KB.
                "cache-control", "no-cache",
                "content-security-policy", policy,
                "referrer-policy", "no-referrer",
                "x-content-type-options", "nosniff",
                "cross-origin-opener-policy", "same-origin",
                "permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
                // Browsers ignore this header on plain HTTP.
                "strict-transport-security", "max-age=31536000");
    }

    /** Returns the origins from which screenshots and exports are loaded. */
    private static String objectOrigins(Settings settings) {
        String bucket = new BucketUrls(settings).origin();
        return CdnUrls.origin(settings).map(cdn -> bucket + " " + cdn).orElse(bucket);
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
