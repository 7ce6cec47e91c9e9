package dev.steptrail.api;

import dev.steptrail.store.admin.RejectedRepository;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.model.RejectedEntry;
import java.util.List;

/** {@code GET /api/admin/rejected}: what was rejected and why, newest first, without what it holds. */
record RejectedRoute(RejectedRepository rejected) implements Route.AdminHandler {
    private static final Cursors<Long> CURSORS = Cursors.ofIds("rejected.desc");

    @Override
    public Response answer(Request request) {
        Query query = request.query();
        RejectedRepository.Filter filter =
                new RejectedRepository.Filter(query.name("owner"), query.name("sender_id"), query.taskId("task_id"));
        Page<RejectedEntry> page = rejected.page(filter, query.after(CURSORS), query.limit());
        return Response.unstoredJson(JsonList.of(
                "rejected",
                page,
                entry -> List.of(json -> {
                    json.writeStartObject();
                    RejectedJson.fields(json, entry);
                    json.writeEndObject();
                }),
                entry -> CURSORS.after(entry.id()),
                null));
    }
}
