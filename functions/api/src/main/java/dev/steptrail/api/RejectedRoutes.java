package dev.steptrail.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.steptrail.api.json.Json;
import dev.steptrail.api.json.JsonList;
import dev.steptrail.ingest.Redelivery;
import dev.steptrail.stepformat.Beginning;
import dev.steptrail.stepformat.InvalidMessageException;
import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.store.admin.AuditLog;
import dev.steptrail.store.admin.AuditLog.AuditEntry;
import dev.steptrail.store.admin.RejectedRepository;
import dev.steptrail.store.admin.RejectedRepository.RejectedEntry;
import dev.steptrail.store.admin.RejectedRepository.RejectedMessage;
import dev.steptrail.store.jdbc.Page;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The routes by which admins read, retry and discard rejected messages. */
record RejectedRoutes(RejectedRepository rejected, Redelivery redelivery, AuditLog audit) {
    private static final Cursors<Long> CURSORS = Cursors.ofIds("rejected.desc");

    /** Escaped twice, as JSON in Lambda's JSON, a character takes 7 bytes at most; Lambda answers with 6 MB at most. */
    private static final int MAX_SHOWN = 512 * 1024;

    /** @param encoding null where {@code text} is what the sender meant */
    private record Shown(String text, @Nullable String encoding) {}

    /** {@code GET /api/admin/rejected}: returns what was rejected and why, newest first, without bodies. */
    Response list(Request request) {
        Query query = request.query();
        RejectedRepository.Filter filter =
                new RejectedRepository.Filter(query.name("owner"), query.name("sender_id"), query.taskId("task_id"));
        Page<RejectedEntry> page = rejected.page(filter, query.after(CURSORS), query.limit());
        return Response.unstoredJson(
                JsonList.of("rejected", page, RejectedRoutes::fields, entry -> CURSORS.after(entry.id())));
    }

    /**
     * {@code GET /api/admin/rejected/{id}}: returns a rejected message with its body as text. A body that cannot be decoded is returned as
     * received, and {@code body_encoding} names its encoding. A long body is truncated; {@code body_length} is its full length. The read is
     * recorded in the audit log.
     */
    Response get(Request request) {
        RejectedMessage message = rejected.find(request.rejectedId()).orElseThrow(Problem::noSuchRejected);
        if (!audit.recordRejectedRead(request.caller().owner(), message.entry().id())) {
            throw Problem.noSuchRejected();
        }
        Shown shown = shown(message.body());
        return Response.unstoredJson(Json.object(json -> {
            fields(json, message.entry());
            Json.text(json, "body_encoding", shown.encoding());
            Json.number(json, "body_length", shown.text().length());
            Json.text(json, "body", Beginning.of(shown.text(), MAX_SHOWN));
        }));
    }

    private static Shown shown(MessageBody body) {
        try {
            return new Shown(MessageCodec.json(body), null);
        } catch (InvalidMessageException asItCame) {
            return new Shown(body.text(), body.contentEncoding());
        }
    }

    /**
     * {@code POST /api/admin/rejected/{id}/retry}: processes a rejected message again as its sender's. Its row is removed once everything in
     * it is stored elsewhere: as rows or, if parts of it are invalid or it is rejected for another reason now, as other rejected messages.
     */
    Response retry(Request request) {
        RejectedMessage message = rejected.find(request.rejectedId()).orElseThrow(Problem::noSuchRejected);
        Redelivery.Outcome outcome = redelivery.take(message, request.context());
        if (!outcome.complete()) {
            throw Problem.notRetried();
        }
        settle(request, message, outcome);
        return Response.unstoredJson(Json.object(json -> {
            Json.number(json, "id", message.entry().id());
            Json.text(json, "outcome", word(outcome));
            Json.text(json, "reason", outcome.rejections().isEmpty() ? null : reason(outcome));
            Json.number(json, "steps", outcome.result().steps());
            Json.number(json, "duplicates", outcome.result().duplicates());
            Json.number(json, "rejected", outcome.rejections().size());
            Json.number(json, "dropped", outcome.result().dropped());
        }));
    }

    private void settle(Request request, RejectedMessage message, Redelivery.Outcome outcome) {
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("id", message.entry().id());
        detail.put("sender_id", message.entry().senderId());
        detail.put("outcome", word(outcome));
        if (!outcome.rejections().isEmpty()) {
            detail.put("reason", reason(outcome));
        }
        AuditEntry entry = request.entry("retry_rejected", message.entry().taskId(), detail);
        if (outcome.leaves(message)) {
            audit.record(entry);
        } else {
            rejected.remove(message.entry().id(), entry);
        }
    }

    /** A task that its owner deleted takes no more: such a record is neither stored nor rejected. */
    private static String word(Redelivery.Outcome outcome) {
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
                .orElseThrow(Problem::noSuchRejected)
                .entry();
        Map<String, ?> detail = Map.of("id", entry.id(), "sender_id", entry.senderId(), "reason", entry.reason());
        if (!rejected.remove(entry.id(), request.entry("discard_rejected", entry.taskId(), detail))) {
            throw Problem.noSuchRejected();
        }
        return Response.nothing();
    }

    private static void fields(JsonGenerator json, RejectedEntry entry) throws IOException {
        Json.number(json, "id", entry.id());
        Json.time(json, "rejected_at", entry.rejectedAt());
        Json.text(json, "sender_id", entry.senderId());
        Json.text(json, "owner", entry.owner());
        Json.text(json, "task_id", entry.taskId());
        Json.number(json, "step_number", entry.stepNumber());
        Json.text(json, "reason", entry.reason());
    }
}
