package dev.steptrail.api;

import dev.steptrail.ingest.Redelivery;
import dev.steptrail.store.admin.AuditLog;
import dev.steptrail.store.admin.RejectedRepository;
import dev.steptrail.store.model.AuditEntry;
import dev.steptrail.store.model.RejectedMessage;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * {@code POST /api/admin/rejected/{id}/retry}: takes a rejected message again as its sender's. Its row goes once all that it
 * holds is kept elsewhere: as rows, or, where parts of it are bad or it is so for another reason now, as other rejected messages.
 */
record RetryRoute(RejectedRepository rejected, Redelivery redelivery, AuditLog audit) implements Route.AdminHandler {
    @Override
    public Response answer(Request request) {
        RejectedMessage message = rejected.find(request.rejectedId()).orElseThrow(Problem::noSuchRejected);
        Redelivery.Outcome outcome = redelivery.take(message, request.context());
        if (!outcome.complete()) {
            throw Problem.notRetried();
        }
        settle(request, message, outcome);
        return Response.unstoredJson(Json.of(json -> {
            json.writeStartObject();
            Json.number(json, "id", message.entry().id());
            Json.text(json, "outcome", word(outcome));
            Json.text(json, "reason", outcome.rejections().isEmpty() ? null : reason(outcome));
            Json.number(json, "steps", outcome.result().steps());
            Json.number(json, "duplicates", outcome.result().duplicates());
            Json.number(json, "rejected", outcome.rejections().size());
            Json.number(json, "dropped", outcome.result().dropped());
            json.writeEndObject();
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
}
