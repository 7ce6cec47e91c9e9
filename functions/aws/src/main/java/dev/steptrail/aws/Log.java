package dev.steptrail.aws;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaRuntime;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Map;

/**
 * The log of one invocation: lines of JSON that say what happened, when, and in which invocation. They tell counts, ids and error
 * codes, and never what a step or a message holds. As thread-safe as its sink.
 *
 * <p>A line goes out as octets. Lambda's logger leaves these as they are; text, in its JSON format, it would pack into a field of a line
 * of its own.
 */
public final class Log {
    /** As Lambda names them. */
    public enum Level {
        INFO,
        WARN,
        ERROR
    }

    /** Where lines go. */
    interface Sink {
        void write(byte[] line, Level level);
    }

    private static final JsonFactory JSON = new JsonFactory();

    private final Sink sink;
    private final String requestId;

    /** To Lambda's logger. */
    public static Log of(Context context) {
        return new Log(
                (line, level) -> context.getLogger().log(line, LogLevel.valueOf(level.name())),
                context.getAwsRequestId());
    }

    /** Returns the log for what happens outside of an invocation. */
    public static Log outsideInvocations() {
        return new Log((line, level) -> LambdaRuntime.getLogger().log(line, LogLevel.valueOf(level.name())), "none");
    }

    Log(Sink sink, String requestId) {
        this.sink = sink;
        this.requestId = requestId;
    }

    /**
     * What is as it should be.
     *
     * @param event what happened, in snake_case
     * @param fields integers, texts, and collections of these, by their names in snake_case
     */
    public void info(String event, Map<String, ?> fields) {
        write(Level.INFO, event, fields);
    }

    /** What may need somebody's eye, if it comes again. */
    public void warn(String event, Map<String, ?> fields) {
        write(Level.WARN, event, fields);
    }

    /** What needs somebody's eye. */
    public void error(String event, Map<String, ?> fields) {
        write(Level.ERROR, event, fields);
    }

    private void write(Level level, String event, Map<String, ?> fields) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(line)) {
            json.writeStartObject();
            json.writeStringField("timestamp", Instant.now().toString());
            json.writeStringField("level", level.name());
            json.writeStringField("event", event);
            json.writeStringField(Metrics.REQUEST_ID, requestId);
            LogFields.write(json, fields);
            json.writeEndObject();
            json.writeRaw('\n');
        } catch (IOException e) {
            throw new UncheckedIOException("a buffer in memory cannot fail", e);
        }
        sink.write(line.toByteArray(), level);
    }
}
