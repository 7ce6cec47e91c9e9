package dev.steptrail.api;

import dev.steptrail.api.Problem.Kind;
import dev.steptrail.report.ExportKey.Format;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.retention.ArchiveRepository;
import dev.steptrail.store.retention.TaskDeletion;
import java.util.List;

/** The routes that return, export, keep and delete one task. */
record TaskRoutes(TaskDeletion deletion, ArchiveRepository archives, Exports exports) {
    /** {@code GET /api/tasks/{task_id}}: returns the task. */
    Response get(View view, Query query) {
        return Response.json(view.task());
    }

    /** {@code GET /api/tasks/{task_id}/export}: exports the task as a ZIP in {@code lang}, default {@code en}. */
    Response export(View view, Query query) {
        return exports.response(view.task(), query.language(), Format.ZIP, query.redirects());
    }

    /** {@code PUT /api/tasks/{task_id}/keep} of {@code {"keep":true}}: exempts the task from retention. */
    Response setKeep(Request request, Task task) {
        boolean wanted = JsonBody.of(request.body(), List.of("keep")).flag("keep");
        Task kept = archives.setKeep(task.taskId(), wanted, request.caller().owner())
                .orElseThrow(() -> new Problem(Kind.NOT_FOUND));
        return Response.noStoreJson(kept);
    }

    /** {@code DELETE /api/tasks/{task_id}}: deletes a task and everything that belongs to it. */
    Response delete(Request request, Task task) {
        if (!deletion.delete(task.taskId(), request.caller().owner())) {
            throw new Problem(Kind.NOT_FOUND); // a concurrent request deleted it
        }
        return Response.noContent();
    }
}
