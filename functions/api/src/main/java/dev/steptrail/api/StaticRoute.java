package dev.steptrail.api;

import dev.steptrail.viewer.StaticFile;
import dev.steptrail.viewer.StaticFiles;
import java.util.Map;
import java.util.function.Supplier;

/**
 * {@code GET /static/{hash}/{file+}}: a file of the viewer, to be kept for ever by whoever gets it. Under another hash there is nothing: a
 * page of another release must not mix its files with these.
 */
record StaticRoute(Supplier<StaticFiles> files) implements Route.BrowserHandler {
    @Override
    public Response answer(Map<String, String> variables) {
        StaticFiles now = files.get();
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
}
