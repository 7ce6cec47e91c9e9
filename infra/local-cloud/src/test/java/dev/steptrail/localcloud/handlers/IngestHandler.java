package dev.steptrail.localcloud.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Stores each message in a row, and reports messages that start with "bad" as failed. */
public final class IngestHandler implements RequestHandler<SQSEvent, SQSBatchResponse> {
    private final Map<String, String> settings;

    public IngestHandler(Map<String, String> settings) {
        this.settings = settings;
    }

    @Override
    public SQSBatchResponse handleRequest(SQSEvent event, Context context) {
        List<BatchItemFailure> failures = new ArrayList<>();
        try (Connection connection = SetupHandler.connect(settings);
                PreparedStatement insert = connection.prepareStatement("INSERT INTO received VALUES (?, ?, ?)")) {
            for (SQSMessage message : event.getRecords()) {
                if (message.getBody().startsWith("bad")) {
                    failures.add(new BatchItemFailure(message.getMessageId()));
                    continue;
                }
                var encoding = message.getMessageAttributes().get("content-encoding");
                insert.setString(1, message.getBody());
                insert.setString(2, message.getAttributes().get("SenderId"));
                insert.setString(3, encoding == null ? null : encoding.getStringValue());
                insert.executeUpdate();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return new SQSBatchResponse(failures);
    }
}
