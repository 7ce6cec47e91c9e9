package dev.steptrail.aws;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.LambdaRuntime;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;

/**
 * The log of one invocation, as JSON lines with event, time and request id. The lines contain counts, ids and error
 * codes, and never the content of a step or a message. Thread-safe if the logger is.
 *
 * <p>Lines are logged as bytes, which Lambda's logger writes unmodified. With the log format JSON, the logger wraps
 * strings in another JSON object.
 */
public final class Log {
    private static final JsonFactory JSON = new JsonFactory();

    private final LambdaLogger logger;
    private final String requestId;

    /** Returns the log of an invocation, which writes to Lambda's logger. */
    public static Log of(Context context) {
        return new Log(context.getLogger(), context.getAwsRequestId());
    }

    /** Returns a log for events outside of an invocation, with the request id {@code none}. */
    public static Log outsideInvocations() {
        return new Log(LambdaRuntime.getLogger(), "none");
    }

    Log(LambdaLogger logger, String requestId) {
        this.logger = logger;
        this.requestId = requestId;
    }

    /**
     * Logs an expected event.
     *
     * @param event what happened, in snake_case
     * @param fields names in snake_case, with integers, strings or collections of these as values
     */
    public void info(String event, Map<String, ?> fields) {
        write(LogLevel.INFO, event, fields);
    }

    /** Logs an event that an operator should investigate if it recurs. */
    public void warn(String event, Map<String, ?> fields) {
        write(LogLevel.WARN, event, fields);
    }

    /** Logs an event that an operator should investigate. */
    public void error(String event, Map<String, ?> fields) {
        write(LogLevel.ERROR, event, fields);
    }

    private void write(LogLevel level, String event, Map<String, ?> fields) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(line)) {
            json.writeStartObject();
            json.writeStringField("timestamp", Instant.now().toString());
            json.writeStringField("level", level.name());
            json.writeStringField("event", event);
            json.writeStringField(Metrics.REQUEST_ID, requestId);
            writeFields(json, fields);
            json.writeEndObject();
            json.writeRaw('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        logger.log(line.toByteArray(), level);
    }

    /** Writes integers as numbers, collections as arrays, and other values as text. */
    static void writeFields(JsonGenerator json, Map<String, ?> fields) throws IOException {
        for (Map.Entry<String, ?> field : fields.entrySet()) {
            json.writeFieldName(field.getKey());
            writeValue(json, field.getValue());
        }
    }

    private static void writeValue(JsonGenerator json, Object value) throws IOException {
        if (value instanceof Integer || value instanceof Long) {
            json.writeNumber(((Number) value).longValue());
        } else if (value instanceof Collection<?> elements) {
            json.writeStartArray();
            for (Object element : elements) {
                writeValue(json, element);
            }
            json.writeEndArray();
        } else {
            json.writeString(String.valueOf(value));
        }
    }
}
