package dev.steptrail.api;

/** {@code GET /api/tasks/{task_id}}: what is known of a task. */
record TaskRoute() implements Route.TaskHandler {
    @Override
    public Response answer(View view, Query query) {
        return Response.json(Json.of(json -> TaskJson.write(json, view.task())));
    }
}
