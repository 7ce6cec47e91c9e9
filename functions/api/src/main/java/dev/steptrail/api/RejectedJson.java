package dev.steptrail.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.steptrail.store.model.RejectedEntry;
import java.io.IOException;

/** What is told of a rejected message in JSON; the fields alone, into an object that was begun. */
final class RejectedJson {
    private RejectedJson() {}

    static void fields(JsonGenerator json, RejectedEntry entry) throws IOException {
        Json.number(json, "id", entry.id());
        Json.time(json, "rejected_at", entry.rejectedAt());
        Json.text(json, "sender_id", entry.senderId());
        Json.text(json, "owner", entry.owner());
        Json.text(json, "task_id", entry.taskId());
        Json.number(json, "step_number", entry.stepNumber());
        Json.text(json, "reason", entry.reason());
    }
}
