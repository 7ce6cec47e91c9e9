package dev.steptrail.api;

import dev.steptrail.store.jdbc.Database;

/** {@code GET /health}: 200 if the database answers, else 503. */
record HealthRoute(Database database) implements Route.OpenHandler {
    @Override
    public Response answer() {
        database.check();
        return Response.unstoredJson(Json.of(json -> {
            json.writeStartObject();
            Json.text(json, "status", "ok");
            json.writeEndObject();
        }));
    }
}
