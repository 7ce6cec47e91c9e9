package dev.steptrail.api;

import dev.steptrail.store.admin.AgentRepository;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.model.UnregisteredSender;
import java.util.List;

/** {@code GET /api/admin/unregistered-senders}: senders whose messages were rejected since they are not registered, by sender_id. */
record UnregisteredSendersRoute(AgentRepository agents) implements Route.AdminHandler {
    /** A sender_id may contain the character that separates the parts of a key. */
    private static final Cursors<String> CURSORS =
            new Cursors<>("unregistered.asc", List::of, parts -> Name.checked("cursor", String.join("|", parts)));

    @Override
    public Response answer(Request request) {
        Query query = request.query();
        Page<UnregisteredSender> page = agents.unregisteredSenders(query.after(CURSORS), query.limit());
        return Response.unstoredJson(JsonList.of(
                "unregistered_senders",
                page,
                sender -> List.of(json -> {
                    json.writeStartObject();
                    Json.text(json, "sender_id", sender.senderId());
                    Json.number(json, "messages", sender.messages());
                    Json.time(json, "first_rejected_at", sender.firstRejectedAt());
                    Json.time(json, "last_rejected_at", sender.lastRejectedAt());
                    json.writeEndObject();
                }),
                sender -> CURSORS.after(sender.senderId()),
                null));
    }
}
