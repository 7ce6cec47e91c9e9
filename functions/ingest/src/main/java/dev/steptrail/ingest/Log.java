package dev.steptrail.ingest;

import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;

/** Log lines in JSON. They tell counts, ids and error codes, and never what a message holds. */
final class Log {
    private static final JsonFactory JSON = new JsonFactory();

    private final LambdaLogger logger;
    private final String requestId;

    Log(LambdaLogger logger, String requestId) {
        this.logger = logger;
        this.requestId = requestId;
    }

    /** What is as it should be. */
    void event(String event, Map<String, ?> fields) {
        write(LogLevel.INFO, event, fields);
    }

    /** What needs somebody's eye. */
    void error(String event, Map<String, ?> fields) {
        write(LogLevel.ERROR, event, fields);
    }

    private void write(LogLevel level, String event, Map<String, ?> fields) {
        StringWriter line = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(line)) {
            json.writeStartObject();
            json.writeStringField("event", event);
            json.writeStringField("request_id", requestId);
            for (Map.Entry<String, ?> field : fields.entrySet()) {
                if (field.getValue() instanceof Integer number) {
                    json.writeNumberField(field.getKey(), number);
                } else {
                    json.writeStringField(field.getKey(), String.valueOf(field.getValue()));
                }
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a buffer in memory cannot fail", e);
        }
        logger.log(line.append('\n').toString(), level);
    }
}
