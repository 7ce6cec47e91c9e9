package dev.steptrail.api;

import dev.steptrail.store.admin.FindRejected;
import dev.steptrail.store.admin.RemoveRejected;
import dev.steptrail.store.model.RejectedEntry;
import java.util.Map;

/** {@code DELETE /api/admin/rejected/{id}}: throws a rejected message away, for good. */
record DiscardRoute(FindRejected rejected, RemoveRejected removal) implements Route.AdminHandler {
    @Override
    public Response answer(Request request) {
        RejectedEntry entry = rejected.byId(request.rejectedId())
                .orElseThrow(Problem::noSuchRejected)
                .entry();
        Map<String, ?> detail = Map.of("id", entry.id(), "sender_id", entry.senderId(), "reason", entry.reason());
        if (!removal.remove(entry.id(), request.entry("discard_rejected", entry.taskId(), detail))) {
            throw Problem.noSuchRejected();
        }
        return Response.nothing();
    }
}
