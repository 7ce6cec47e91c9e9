package dev.steptrail.api;

import dev.steptrail.stepformat.Beginning;
import dev.steptrail.stepformat.InvalidMessageException;
import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.store.admin.AuditLog;
import dev.steptrail.store.admin.RejectedRepository;
import dev.steptrail.store.model.RejectedMessage;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /api/admin/rejected/{id}}: a rejected message with its body, as text. One that cannot be decoded is shown as it
 * came, and {@code body_encoding} says so. Of a long one the beginning is shown; {@code body_length} tells how long it is. That it
 * was read is written down, for its owner to see.
 */
record RejectedMessageRoute(RejectedRepository rejected, AuditLog audit) implements Route.AdminHandler {
    /** Escaped twice, as JSON in Lambda's JSON, a character takes 7 bytes at most; Lambda answers with 6 MB at most. */
    private static final int MAX_SHOWN = 512 * 1024;

    /** @param encoding null where {@code text} is what the sender meant */
    private record Shown(String text, @Nullable String encoding) {}

    @Override
    public Response answer(Request request) {
        RejectedMessage message = rejected.find(request.rejectedId()).orElseThrow(Problem::noSuchRejected);
        if (!audit.recordRejectedRead(request.caller().owner(), message.entry().id())) {
            throw Problem.noSuchRejected();
        }
        Shown shown = shown(message.body());
        return Response.unstoredJson(Json.of(json -> {
            json.writeStartObject();
            RejectedJson.fields(json, message.entry());
            Json.text(json, "body_encoding", shown.encoding());
            Json.number(json, "body_length", shown.text().length());
            Json.text(json, "body", Beginning.of(shown.text(), MAX_SHOWN));
            json.writeEndObject();
        }));
    }

    private static Shown shown(MessageBody body) {
        try {
            return new Shown(MessageCodec.json(body).toString(), null);
        } catch (InvalidMessageException asItCame) {
            return new Shown(body.text(), body.contentEncoding());
        }
    }
}
