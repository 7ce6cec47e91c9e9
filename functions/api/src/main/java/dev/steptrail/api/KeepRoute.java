package dev.steptrail.api;

import dev.steptrail.store.model.Task;
import dev.steptrail.store.retention.KeepTask;
import java.util.List;

/** {@code PUT /api/tasks/{task_id}/keep} of {@code {"keep":true}}: the task's steps stay in the database, however old they become. */
record KeepRoute(KeepTask keep) implements Route.OwnerHandler {
    @Override
    public Response answer(Request request, Task task) {
        boolean wanted = JsonBody.of(request.body(), List.of("keep")).flag("keep");
        Task kept = keep.of(task.taskId(), wanted, request.caller().owner()).orElseThrow(Problem::notFound);
        return Response.unstoredJson(Json.of(json -> TaskJson.write(json, kept)));
    }
}
