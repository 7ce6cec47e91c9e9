package dev.steptrail.api;

import dev.steptrail.aws.Settings;
import dev.steptrail.viewer.StaticFile;
import dev.steptrail.viewer.StaticFiles;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The routes that a browser loads pages and files from, by API Gateway's route key. The API document does not list them. */
final class PageRoutes {
    private static final List<String> PAGES = List.of(
            "GET /",
            "GET /tasks",
            "GET /tasks/{task_id}",
            "GET /compare",
            "GET /insights",
            "GET /shared/{task_id}",
            "GET /signed-in");

    private PageRoutes() {}

    static Map<String, Route> of(Settings settings) {
        Supplier<StaticFiles> files = new Once();
        Map<String, Route> routes = new HashMap<>();
        Route page = new Route.OfBrowser(new Page(settings, files));
        PAGES.forEach(key -> routes.put(key, page));
        routes.put("GET /static/{hash}/{file+}", new Route.OfBrowser(variables -> file(files.get(), variables)));
        return routes;
    }

    /**
     * {@code GET /static/{hash}/{file+}}: returns a file of the viewer, which browsers may cache indefinitely. Under another hash there is
     * nothing: a page of another release must not mix its files with these.
     */
    private static Response file(StaticFiles now, Map<String, String> variables) {
        if (!now.hash().equals(variables.get("hash"))) {
            throw Problem.noSuchRoute();
        }
        StaticFile file = now.file(variables.getOrDefault("file", "")).orElseThrow(Problem::noSuchRoute);
        Map<String, String> headers = Map.of(
                "content-type", file.contentType(),
                "cache-control", "public, max-age=31536000, immutable",
                "x-content-type-options", "nosniff",
                "cross-origin-resource-policy", "same-origin");
        return new Response(200, headers, file::bytes, file.isText());
    }

    /** Loads them when a browser asks, so that API clients do not wait for it. */
    private static final class Once implements Supplier<StaticFiles> {
        private @Nullable StaticFiles loaded;

        @Override
        public StaticFiles get() {
            StaticFiles files = loaded == null ? StaticFiles.load() : loaded;
            loaded = files;
            return files;
        }
    }
}
