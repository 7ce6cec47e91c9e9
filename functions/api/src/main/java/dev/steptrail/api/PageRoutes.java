package dev.steptrail.api;

import dev.steptrail.aws.Settings;
import dev.steptrail.viewer.StaticFiles;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a browser loads, by API Gateway's route key. These are no routes of the API, whose document does not name them. */
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

    static Map<String, Supplier<Route>> of(Settings settings) {
        Supplier<StaticFiles> files = new Once();
        Map<String, Supplier<Route>> routes = new HashMap<>();
        Route page = new Route.OfBrowser(new Page(settings, files));
        PAGES.forEach(key -> routes.put(key, () -> page));
        routes.put("GET /static/{hash}/{file+}", () -> new Route.OfBrowser(new StaticRoute(files)));
        return routes;
    }

    /** Loads them when a browser asks: who reads by a program must not wait for it. */
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
