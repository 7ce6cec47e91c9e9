package dev.steptrail.api;

import dev.steptrail.store.Task;

/** {@code GET /api/tasks/{task_id}}: what is known of a task. */
record TaskRoute() implements Route.TaskHandler {
    @Override
    public Response answer(Task task, Query query) {
        return Response.json(Json.text(json -> TaskJson.write(json, task)));
    }
}
