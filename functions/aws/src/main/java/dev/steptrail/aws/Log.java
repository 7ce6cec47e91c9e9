package dev.steptrail.aws;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.LambdaRuntime;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import dev.steptrail.stepformat.JsonValues;
import dev.steptrail.stepformat.RecordCodec;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The log of one invocation, as JSON lines with event, time and request id. The lines contain counts, ids and error
 * codes, and never the content of a step or a message. Thread-safe if the logger is.
 *
 * <p>Lines are logged as bytes, which Lambda's logger writes unmodified. With the log format JSON, the logger wraps
 * strings in another JSON object.
 */
public final class Log {
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
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("timestamp", Instant.now());
        line.put("level", level);
        line.put("event", event);
        line.put(Metrics.REQUEST_ID, requestId);
        line.putAll(fields);
        logger.log((json(line) + '\n').getBytes(StandardCharsets.UTF_8), level);
    }

    /** Returns a JSON object. Values without a JSON form, such as times, are written as text. */
    static String json(Map<String, ?> object) {
        return new String(RecordCodec.encodeValue(JsonValues.copyOf(object)), StandardCharsets.UTF_8);
    }
}
