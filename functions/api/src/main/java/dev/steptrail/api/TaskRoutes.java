package dev.steptrail.api;

import dev.steptrail.api.Problem.Kind;
import dev.steptrail.api.json.TaskJson;
import dev.steptrail.report.ExportKey.Format;
import dev.steptrail.report.TaskView;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.retention.ArchiveRepository;
import dev.steptrail.store.retention.TaskDeletion;
import dev.steptrail.store.usage.UsageRepository;
import java.util.List;

/** The routes that return, export, keep and delete one task. */
record TaskRoutes(TaskDeletion deletion, ArchiveRepository archives, UsageRepository usage, ExportService exports) {
    /** {@code GET /api/tasks/{task_id}}: returns the task, with its tokens and their cost unless a link omits them. */
    Response get(TaskView view, Query query) {
        return Response.json(view.includesModelCalls() ? TaskJson.read(view.task(), usage) : view.task());
    }

    /** {@code GET /api/tasks/{task_id}/export}: exports the task as a ZIP in {@code lang}, default {@code en}. */
    Response export(TaskView view, Query query) {
        return exports.respond(view, query.language(), false, Format.ZIP, query.redirects());
    }

    /** {@code PUT /api/tasks/{task_id}/keep}: sets whether the task is exempt from retention. */
    Response setKeep(Request request, Task task) {
        boolean keep = JsonBody.parse(request.body(), List.of("keep")).flag("keep");
        Task updated = archives.setKeep(task.taskId(), keep, request.caller().owner())
                .orElseThrow(() -> new Problem(Kind.NOT_FOUND));
        return Response.noStoreJson(TaskJson.read(updated, usage));
    }

    /** {@code DELETE /api/tasks/{task_id}}: deletes a task and everything that belongs to it. */
    Response delete(Request request, Task task) {
        if (!deletion.delete(task.taskId(), request.caller().owner())) {
            throw new Problem(Kind.NOT_FOUND); // a concurrent request deleted it
        }
        return Response.noContent();
    }
}
