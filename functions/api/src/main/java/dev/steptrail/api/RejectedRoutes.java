package dev.steptrail.api;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.steptrail.api.Problem.Kind;
import dev.steptrail.api.json.JsonList;
import dev.steptrail.ingest.Redelivery;
import dev.steptrail.stepformat.InvalidMessageException;
import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.stepformat.TextTruncator;
import dev.steptrail.store.admin.AuditLog;
import dev.steptrail.store.admin.AuditLog.AuditEntry;
import dev.steptrail.store.admin.RejectedMessageRepository;
import dev.steptrail.store.admin.RejectedMessageRepository.RejectedEntry;
import dev.steptrail.store.admin.RejectedMessageRepository.RejectedMessage;
import dev.steptrail.store.jdbc.Page;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The routes by which admins read, retry and discard rejected messages. */
record RejectedRoutes(RejectedMessageRepository rejected, Redelivery redelivery, AuditLog audit) {
    private static final CursorCodec<Long> CURSORS = CursorCodec.forIds("rejected.desc");

    /** In characters. Each takes at most 6 bytes as JSON, or 8 bytes as JSON in base64; Lambda's limit is 6 MB. */
    private static final int MAX_BODY_LENGTH = 512 * 1024;

    /** @param encoding the encoding of {@code text}; null if {@code text} is decoded */
    private record DecodedBody(String text, @Nullable String encoding) {}

    private record MessageResponse(
            @JsonUnwrapped RejectedEntry entry, @Nullable String bodyEncoding, int bodyLength, String body) {}

    private record RetryResponse(
            long id,
            String outcome,
            @Nullable String reason,
            long steps,
            long duplicates,
            long rejected,
            long dropped) {}

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
        RejectedMessage message =
                rejected.find(request.rejectedId()).orElseThrow(() -> new Problem(Kind.NO_SUCH_REJECTED));
        if (!audit.recordRejectedRead(request.caller().owner(), message.entry().id())) {
            throw new Problem(Kind.NO_SUCH_REJECTED); // a concurrent request removed it
        }
        DecodedBody body = decode(message.body());
        return Response.noStoreJson(new MessageResponse(
                message.entry(),
                body.encoding(),
                body.text().length(),
                TextTruncator.truncate(body.text(), MAX_BODY_LENGTH)));
    }

    private static DecodedBody decode(MessageBody body) {
        try {
            return new DecodedBody(MessageCodec.decompress(body), null);
        } catch (InvalidMessageException undecodable) {
            return new DecodedBody(body.text(), body.contentEncoding());
        }
    }

    /**
     * {@code POST /api/admin/rejected/{id}/retry}: processes a rejected message again, on behalf of its sender. Removes
     * the message once its content is stored, or is rejected again in a new entry. Keeps the message if it is rejected
     * again for the same reason.
     */
    Response retry(Request request) {
        RejectedMessage message =
                rejected.find(request.rejectedId()).orElseThrow(() -> new Problem(Kind.NO_SUCH_REJECTED));
        Redelivery.Outcome outcome = redelivery.redeliver(message, request.context());
        if (!outcome.complete()) {
            throw new Problem(Kind.RETRY_FAILED);
        }
        removeAndAudit(request, message, outcome);
        return Response.noStoreJson(new RetryResponse(
                message.entry().id(),
                outcomeName(outcome),
                outcome.rejections().isEmpty() ? null : reason(outcome),
                outcome.result().steps(),
                outcome.result().duplicates(),
                outcome.rejections().size(),
                outcome.result().dropped()));
    }

    private void removeAndAudit(Request request, RejectedMessage message, Redelivery.Outcome outcome) {
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("id", message.entry().id());
        detail.put("sender_id", message.entry().senderId());
        detail.put("outcome", outcomeName(outcome));
        if (!outcome.rejections().isEmpty()) {
            detail.put("reason", reason(outcome));
        }
        AuditEntry entry = request.auditEntry("retry_rejected", message.entry().taskId(), detail);
        if (outcome.isRejectedAgain(message)) {
            audit.add(entry);
        } else {
            rejected.remove(message.entry().id(), entry);
        }
    }

    /** Returns {@code dropped} if all records belong to deleted tasks, and so were neither stored nor rejected. */
    private static String outcomeName(Redelivery.Outcome outcome) {
        if (!outcome.rejections().isEmpty()) {
            return "rejected_again";
        }
        boolean onlyDropped = outcome.result().dropped() > 0
                && outcome.result().steps() + outcome.result().duplicates() == 0;
        return onlyDropped ? "dropped" : "stored";
    }

    private static String reason(Redelivery.Outcome outcome) {
        return outcome.rejections().get(0).reason();
    }

    /** {@code DELETE /api/admin/rejected/{id}}: deletes a rejected message permanently. */
    Response discard(Request request) {
        RejectedEntry entry = rejected.find(request.rejectedId())
                .orElseThrow(() -> new Problem(Kind.NO_SUCH_REJECTED))
                .entry();
        Map<String, ?> detail = Map.of("id", entry.id(), "sender_id", entry.senderId(), "reason", entry.reason());
        if (!rejected.remove(entry.id(), request.auditEntry("discard_rejected", entry.taskId(), detail))) {
            throw new Problem(Kind.NO_SUCH_REJECTED);
        }
        return Response.noContent();
    }
}
