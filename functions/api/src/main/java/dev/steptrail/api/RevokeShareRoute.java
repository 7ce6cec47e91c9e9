package dev.steptrail.api;

import dev.steptrail.store.admin.RevokeShare;
import dev.steptrail.store.model.Task;

/** {@code DELETE /api/tasks/{task_id}/shares/{share_id}}: takes a link back. */
record RevokeShareRoute(RevokeShare shares) implements Route.OwnerHandler {
    @Override
    public Response answer(Request request, Task task) {
        String id = request.variable("share_id");
        if (!id.matches("[1-9][0-9]{0,17}")
                || !shares.of(
                        task.taskId(), Long.parseLong(id), request.caller().owner())) {
            throw Problem.noSuchShare();
        }
        return Response.nothing();
    }
}
