package dev.steptrail.api;

import dev.steptrail.store.SummariseTask;
import dev.steptrail.store.Task;

/** {@code GET /api/tasks/{task_id}/report}: the task, and its steps added up. */
record ReportRoute(SummariseTask summarise) implements Route.TaskHandler {
    @Override
    public Response answer(Task task, Query query) {
        return Response.json(ReportJson.of(task, summarise.of(task)));
    }
}
