package dev.steptrail.api;

import dev.steptrail.store.KeepTask;
import dev.steptrail.store.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code PUT /api/tasks/{task_id}/keep} of {@code {"keep":true}}: the task's steps stay in the database, however old they become. */
record KeepRoute(KeepTask keep) implements Route.OwnerHandler {
    @Override
    public Response answer(Request request, Task task) {
        List<Boolean> wanted = new ArrayList<>();
        JsonBody.read(request.body(), Map.of("keep", json -> wanted.add(JsonBody.flag("keep", json))));
        if (wanted.isEmpty()) {
            throw Problem.badRequest("keep: must be true or false.");
        }
        Task kept =
                keep.of(task.taskId(), wanted.get(0), request.caller().owner()).orElseThrow(Problem::notFound);
        return Response.unstoredJson(Json.text(json -> TaskJson.write(json, kept)));
    }
}
