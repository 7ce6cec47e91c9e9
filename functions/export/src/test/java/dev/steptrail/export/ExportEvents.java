package dev.steptrail.export;

import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import java.util.List;

/** Builds queue events for the handler. */
final class ExportEvents {
    private ExportEvents() {}

    static SQSEvent event(String body) {
        SQSMessage message = new SQSMessage();
        message.setMessageId("message-1");
        message.setBody(body);
        SQSEvent event = new SQSEvent();
        event.setRecords(List.of(message));
        return event;
    }
}
