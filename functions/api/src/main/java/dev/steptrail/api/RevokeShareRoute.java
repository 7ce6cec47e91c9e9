package dev.steptrail.api;

import dev.steptrail.store.admin.ShareRepository;
import dev.steptrail.store.model.Task;

/** {@code DELETE /api/tasks/{task_id}/shares/{share_id}}: takes a link back. */
record RevokeShareRoute(ShareRepository shares) implements Route.OwnerHandler {
    @Override
    public Response answer(Request request, Task task) {
        String id = request.variable("share_id");
        if (!id.matches("[1-9][0-9]{0,17}")
                || !shares.revoke(
                        task.taskId(), Long.parseLong(id), request.caller().owner())) {
            throw Problem.noSuchShare();
        }
        return Response.nothing();
    }
}
