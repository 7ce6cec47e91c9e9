package dev.steptrail.api;

import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.retention.MaintenanceRuns;
import java.util.List;

/** {@code GET /api/admin/maintenance}: what maintenance did, newest first; of one job if {@code kind} names it. */
record MaintenanceRoute(MaintenanceRuns runs) implements Route.AdminHandler {
    private static final Cursors<Long> CURSORS = Cursors.ofIds("maintenance.desc");

    @Override
    public Response answer(Request request) {
        Query query = request.query();
        Page<MaintenanceRuns.Run> page = runs.page(query.text("kind", 100), query.after(CURSORS), query.limit());
        return Response.unstoredJson(JsonList.of(
                "runs",
                page,
                run -> List.of(json -> {
                    json.writeStartObject();
                    Json.number(json, "id", run.id());
                    Json.text(json, "kind", run.kind());
                    Json.time(json, "started_at", run.startedAt());
                    Json.time(json, "ended_at", run.endedAt());
                    Json.text(json, "outcome", run.outcome());
                    Json.text(json, "resume_at", run.resumeAt());
                    Json.raw(json, "counts", run.counts());
                    json.writeEndObject();
                }),
                run -> CURSORS.after(run.id()),
                null));
    }
}
