package dev.steptrail.api;

import dev.steptrail.store.admin.ShareRepository;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.model.ShareLink;
import dev.steptrail.store.model.Task;
import java.util.List;

/** {@code GET /api/tasks/{task_id}/shares}: the links that were made of a task, newest first, without their tokens. */
record SharesRoute(ShareRepository shares) implements Route.OwnerHandler {
    private static final Cursors<Long> CURSORS = Cursors.ofIds("shares.desc");

    @Override
    public Response answer(Request request, Task task) {
        Query query = request.query();
        Page<ShareLink> page = shares.page(task.taskId(), query.after(CURSORS), query.limit());
        return Response.unstoredJson(JsonList.of(
                "shares",
                page,
                share -> List.of(json -> {
                    json.writeStartObject();
                    ShareJson.fields(json, share);
                    json.writeEndObject();
                }),
                share -> CURSORS.after(share.id()),
                null));
    }
}
