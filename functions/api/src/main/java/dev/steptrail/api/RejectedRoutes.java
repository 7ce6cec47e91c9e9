package dev.steptrail.api;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.steptrail.api.Problem.Kind;
import dev.steptrail.api.json.JsonList;
import dev.steptrail.stepformat.InvalidMessageException;
import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.stepformat.TextTruncator;
import dev.steptrail.store.admin.AuditLog;
import dev.steptrail.store.admin.RejectedMessageRepository;
import dev.steptrail.store.admin.RejectedMessageRepository.RejectedEntry;
import dev.steptrail.store.admin.RejectedMessageRepository.RejectedMessage;
import dev.steptrail.store.jdbc.Page;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The routes by which admins read and discard rejected messages. {@link JobRoutes} retries them. */
record RejectedRoutes(RejectedMessageRepository rejected, AuditLog audit) {
    private static final CursorCodec<Long> CURSORS = CursorCodec.forIds("rejected.desc");

    /** In characters. Each takes at most 6 bytes as JSON, or 8 bytes as JSON in base64; Lambda's limit is 6 MB. */
    private static final int MAX_BODY_LENGTH = 512 * 1024;

    /** @param encoding the encoding of {@code text}; null if {@code text} is decoded */
    private record DecodedBody(String text, @Nullable String encoding) {}

    private record MessageResponse(
            @JsonUnwrapped RejectedEntry entry, @Nullable String bodyEncoding, int bodyLength, String body) {}

    /** {@code GET /api/admin/rejected}: returns rejected messages and their reasons, newest first, without bodies. */
    Response list(Request request) {
        Query query = request.query();
        RejectedMessageRepository.Filter filter = new RejectedMessageRepository.Filter(
                query.name("owner"), query.name("sender_id"), query.taskId("task_id"));
        Page<RejectedEntry> page = rejected.page(filter, query.startKey(CURSORS), query.limit());
        return Response.noStoreJson(JsonList.write("rejected", page, entry -> CURSORS.encode(entry.id())));
    }

    /**
     * {@code GET /api/admin/rejected/{id}}: returns a rejected message with its body as text. A body that cannot be
     * decoded is returned as received, and {@code body_encoding} names its encoding. A long body is truncated; {@code
     * body_length} is its full length. The read is recorded in the audit log.
     */
    Response get(Request request) {
        RejectedMessage message = find(request);
        if (!audit.recordRejectedRead(request.caller().owner(), message.entry().id())) {
            throw Problem.missing(Kind.NO_SUCH_REJECTED, message.entry().id()); // a concurrent request removed it
        }
        DecodedBody body = decode(message.body());
        return Response.noStoreJson(new MessageResponse(
                message.entry(),
                body.encoding(),
                body.text().length(),
                TextTruncator.truncate(body.text(), MAX_BODY_LENGTH)));
    }

    private RejectedMessage find(Request request) {
        long id = request.rowId("id", Kind.NO_SUCH_REJECTED);
        return rejected.find(id).orElseThrow(() -> Problem.missing(Kind.NO_SUCH_REJECTED, id));
    }

    private static DecodedBody decode(MessageBody body) {
        try {
            return new DecodedBody(MessageCodec.decompress(body), null);
        } catch (InvalidMessageException undecodable) {
            return new DecodedBody(body.text(), body.contentEncoding());
        }
    }

    /** {@code DELETE /api/admin/rejected/{id}}: deletes a rejected message permanently. */
    Response discard(Request request) {
        RejectedEntry entry = find(request).entry();
        Map<String, ?> detail = Map.of("id", entry.id(), "sender_id", entry.senderId(), "reason", entry.reason());
        if (!rejected.remove(entry.id(), request.auditEntry("discard_rejected", entry.taskId(), detail))) {
            throw Problem.missing(Kind.NO_SUCH_REJECTED, entry.id());
        }
        return Response.noContent();
    }
}
