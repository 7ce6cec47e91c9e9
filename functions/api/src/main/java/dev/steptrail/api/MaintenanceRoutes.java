package dev.steptrail.api;

import dev.steptrail.api.json.JsonList;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.retention.MaintenanceRuns;

/** The route by which admins monitor maintenance. */
record MaintenanceRoutes(MaintenanceRuns runs) {
    private static final CursorCodec<Long> CURSORS = CursorCodec.forIds("maintenance.desc");

    /** {@code GET /api/admin/maintenance}: returns maintenance runs, newest first; {@code kind} selects a job. */
    Response list(Request request) {
        Query query = request.query();
        Page<MaintenanceRuns.Run> page = runs.page(query.text("kind", 100), query.startKey(CURSORS), query.limit());
        return Response.noStoreJson(JsonList.write("runs", page, run -> CURSORS.encode(run.id())));
    }
}
