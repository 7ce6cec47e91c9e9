package dev.steptrail.api;

import dev.steptrail.api.Problem.Kind;
import dev.steptrail.api.json.JsonList;
import dev.steptrail.archive.ArchiveRestorer;
import dev.steptrail.aws.BucketException;
import dev.steptrail.aws.Log;
import dev.steptrail.stepformat.TaskId;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.retention.MaintenanceRuns;
import dev.steptrail.store.retention.TaskRestorer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The routes by which admins monitor maintenance and restore archived tasks. */
record MaintenanceRoutes(MaintenanceRuns runs, ArchiveRestorer archives) {
    private static final CursorCodec<Long> CURSORS = CursorCodec.forIds("maintenance.desc");

    /** Time reserved for the response and for the last read from the bucket. */
    private static final Duration RESERVE = Duration.ofSeconds(3);

    private record RestoreResponse(UUID taskId, String status, int parts, int steps, int screenshots) {}

    /** {@code GET /api/admin/maintenance}: returns maintenance runs, newest first; {@code kind} selects a job. */
    Response list(Request request) {
        Query query = request.query();
        Page<MaintenanceRuns.Run> page = runs.page(query.text("kind", 100), query.startKey(CURSORS), query.limit());
        return Response.noStoreJson(JsonList.write("runs", page, run -> CURSORS.encode(run.id())));
    }

    /** {@code POST /api/admin/restore}: restores the archived task {@code task_id}, or changes nothing on failure. */
    Response restore(Request request) {
        UUID taskId = TaskId.parse(
                        JsonBody.parse(request.body(), List.of("task_id")).string("task_id"))
                .orElseThrow(() -> Problem.badRequest("task_id: must be a UUID."));
        try {
            ArchiveRestorer.Outcome outcome = archives.restore(
                    taskId, request.auditEntry("restore_task", taskId, Map.of()), () -> remainingTime(request));
            if (outcome instanceof ArchiveRestorer.Success success) {
                return response(taskId, success);
            }
            throw problem(outcome);
        } catch (BucketException e) {
            Log.of(request.context())
                    .error("bucket_unavailable", Map.of("reason", String.valueOf(e.getMessage()), "task_id", taskId));
            throw new Problem(Kind.BUCKET_UNAVAILABLE);
        }
    }

    private static Duration remainingTime(Request request) {
        return Duration.ofMillis(request.context().getRemainingTimeInMillis()).minus(RESERVE);
    }

    private static Response response(UUID taskId, ArchiveRestorer.Success success) {
        TaskRestorer.Restored task = success.task();
        return Response.noStoreJson(
                new RestoreResponse(taskId, task.status(), success.parts(), task.steps(), task.screenshots()));
    }

    private static Problem problem(ArchiveRestorer.Outcome outcome) {
        if (outcome instanceof ArchiveRestorer.ArchiveUnusable unusable) {
            return Problem.archiveUnusable(unusable.reason());
        }
        return outcome instanceof ArchiveRestorer.NotArchived
                ? new Problem(Kind.NOT_ARCHIVED)
                : new Problem(Kind.NO_SUCH_TASK);
    }
}
