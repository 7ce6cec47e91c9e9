package dev.steptrail.api;

import dev.steptrail.store.admin.RejectedRepository;
import dev.steptrail.store.model.RejectedEntry;
import java.util.Map;

/** {@code DELETE /api/admin/rejected/{id}}: throws a rejected message away, for good. */
record DiscardRoute(RejectedRepository rejected) implements Route.AdminHandler {
    @Override
    public Response answer(Request request) {
        RejectedEntry entry = rejected.find(request.rejectedId())
                .orElseThrow(Problem::noSuchRejected)
                .entry();
        Map<String, ?> detail = Map.of("id", entry.id(), "sender_id", entry.senderId(), "reason", entry.reason());
        if (!rejected.remove(entry.id(), request.entry("discard_rejected", entry.taskId(), detail))) {
            throw Problem.noSuchRejected();
        }
        return Response.nothing();
    }
}
