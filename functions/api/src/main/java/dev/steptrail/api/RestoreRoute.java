package dev.steptrail.api;

import dev.steptrail.archive.RestoreArchives;
import dev.steptrail.aws.BucketException;
import dev.steptrail.aws.Log;
import dev.steptrail.stepformat.TaskId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** {@code POST /api/admin/restore} of {@code {"task_id":…}}: brings an archived task back, or changes nothing. */
record RestoreRoute(RestoreArchives restore) implements Route.AdminHandler {
    /** To answer, and for a last wait for bytes. */
    private static final Duration RESERVE = Duration.ofSeconds(3);

    @Override
    public Response answer(Request request) {
        UUID taskId = TaskId.parse(
                        JsonBody.of(request.body(), List.of("task_id")).string("task_id"))
                .orElseThrow(() -> Problem.badRequest("task_id: must be a UUID."));
        try {
            RestoreArchives.Outcome outcome =
                    restore.of(taskId, request.entry("restore_task", taskId, Map.of()), () -> timeFor(request));
            if (outcome instanceof RestoreArchives.Done done) {
                return restored(taskId, done);
            }
            throw problem(outcome);
        } catch (BucketException e) {
            Log.of(request.context())
                    .error("bucket_unavailable", Map.of("reason", String.valueOf(e.getMessage()), "task_id", taskId));
            throw Problem.bucketUnavailable();
        }
    }

    private static Duration timeFor(Request request) {
        Duration left = Duration.ofMillis(request.context().getRemainingTimeInMillis());
        return left.minus(RESERVE);
    }

    private static Response restored(UUID taskId, RestoreArchives.Done done) {
        return Response.unstoredJson(Json.of(json -> {
            json.writeStartObject();
            Json.text(json, "task_id", taskId);
            Json.text(json, "status", done.task().status());
            Json.number(json, "parts", done.parts());
            Json.number(json, "steps", done.task().steps());
            Json.number(json, "screenshots", done.task().screenshots());
            json.writeEndObject();
        }));
    }

    private static Problem problem(RestoreArchives.Outcome outcome) {
        if (outcome instanceof RestoreArchives.Unusable unusable) {
            return Problem.archiveUnusable(unusable.reason());
        }
        return outcome instanceof RestoreArchives.NotArchived ? Problem.notArchived() : Problem.noSuchTask();
    }
}
