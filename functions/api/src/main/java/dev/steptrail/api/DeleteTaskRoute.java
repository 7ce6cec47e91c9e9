package dev.steptrail.api;

import dev.steptrail.store.model.Task;
import dev.steptrail.store.retention.DeleteTask;

/** {@code DELETE /api/tasks/{task_id}}: deletes a task and all that belongs to it. */
record DeleteTaskRoute(DeleteTask delete) implements Route.OwnerHandler {
    @Override
    public Response answer(Request request, Task task) {
        if (!delete.of(task.taskId(), request.caller().owner())) {
            throw Problem.notFound(); // somebody else was faster
        }
        return Response.nothing();
    }
}
