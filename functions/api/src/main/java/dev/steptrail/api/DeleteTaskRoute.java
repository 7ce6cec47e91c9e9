package dev.steptrail.api;

import dev.steptrail.store.DeleteTask;
import dev.steptrail.store.Task;

/** {@code DELETE /api/tasks/{task_id}}: deletes a task and all that belongs to it. */
record DeleteTaskRoute(DeleteTask delete) implements Route.ChangeHandler {
    @Override
    public Response answer(Caller caller, Task task, Query query) {
        if (!delete.of(task.taskId(), caller.owner())) {
            throw Problem.notFound(); // somebody else was faster
        }
        return Response.nothing();
    }
}
