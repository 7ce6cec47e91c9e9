package dev.steptrail.ingest;

import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.steptrail.store.model.Agent;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The event that a function handles before its snapshot is taken: a new task with one step. */
final class Rehearsal {
    static final Agent AGENT = new Agent("rehearsal", "rehearsal", List.of());

    private static final String BODY = """
            {"v":1,"records":[
            {"v":1,"record":"task_started","task_id":"%1$s","timestamp":"%2$s","name":"rehearsal"},
            {"v":1,"record":"step","task_id":"%1$s","timestamp":"%2$s","step_number":1,"step_type":"action",
             "thinking":"rehearsal","action":{"action":"Tap","element":[500,500]},"duration_ms":1,"success":true}]}""";

    private Rehearsal() {}

    static SQSEvent event() {
        Instant now = Instant.now();
        SQSMessage message = new SQSMessage();
        message.setMessageId("rehearsal");
        message.setBody(BODY.formatted(UUID.randomUUID(), now));
        message.setAttributes(
                Map.of("SenderId", AGENT.senderId(), "SentTimestamp", String.valueOf(now.toEpochMilli())));
        SQSEvent event = new SQSEvent();
        event.setRecords(List.of(message));
        return event;
    }
}
