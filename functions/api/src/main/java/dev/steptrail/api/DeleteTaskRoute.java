package dev.steptrail.api;

import dev.steptrail.store.model.Task;
import dev.steptrail.store.retention.TaskDeletion;

/** {@code DELETE /api/tasks/{task_id}}: deletes a task and all that belongs to it. */
record DeleteTaskRoute(TaskDeletion deletion) implements Route.OwnerHandler {
    @Override
    public Response answer(Request request, Task task) {
        if (!deletion.delete(task.taskId(), request.caller().owner())) {
            throw Problem.notFound(); // somebody else was faster
        }
        return Response.nothing();
    }
}
