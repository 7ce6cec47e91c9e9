package dev.steptrail.export;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import dev.steptrail.aws.Settings;
import dev.steptrail.report.ExportKey;
import dev.steptrail.report.TasksExportKey;
import dev.steptrail.store.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes the exports that messages of a queue ask for. What fails is noted for who waits, and tried again when somebody asks for it
 * again; what cannot be noted, as often as the queue says.
 */
public final class ExportHandler implements RequestHandler<SQSEvent, @Nullable Void>, AutoCloseable {
    /** What is asked for, and where it is to lie. */
    private record Export(String key, Attempt.Making making) {}

    private final Database database;
    private final MakeExport ofTask;
    private final MakeTasksExport ofTasks;
    private final Attempt attempt;

    /** With the settings of the environment, as Lambda calls it. */
    public ExportHandler() {
        this(System.getenv());
    }

    /**
     * @param settings {@code STEPTRAIL_DATABASE_URL}, {@code STEPTRAIL_DATABASE_USER}, {@code STEPTRAIL_DATABASE_PASSWORD};
     *     {@code STEPTRAIL_BUCKET}, {@code AWS_REGION}, {@code AWS_ACCESS_KEY_ID}, {@code AWS_SECRET_ACCESS_KEY}; and where the
     *     default does not fit, {@code AWS_SESSION_TOKEN}, {@code AWS_ENDPOINT_URL_S3}
     * @throws IllegalArgumentException naming the setting that is missing or wrong
     */
    public ExportHandler(Map<String, String> settings) {
        Settings checked = new Settings(settings);
        this.database = new Database(checked);
        ExportBucket bucket = new ExportBucket(checked);
        this.ofTask = new MakeExport(database, bucket);
        this.ofTasks = new MakeTasksExport(database, bucket);
        this.attempt = new Attempt(bucket, Clock.systemUTC());
    }

    @Override
    public @Nullable Void handleRequest(SQSEvent event, Context context) {
        TimeLeft time = new TimeLeft(() -> Duration.ofMillis(context.getRemainingTimeInMillis()));
        for (SQSMessage message : event.getRecords()) {
            Optional<Export> export = asked(message.getBody(), time);
            if (export.isEmpty()) {
                context.getLogger().log(message.getMessageId() + " asks for no export\n", LogLevel.ERROR);
                continue;
            }
            try {
                attempt.make(export.get().key(), number(message), export.get().making())
                        .ifPresent(failure -> context.getLogger().log(told(message, failure), LogLevel.ERROR));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return null;
    }

    private Optional<Export> asked(String message, TimeLeft time) {
        return ExportKey.parse(message)
                .map(key -> new Export(key.key(), () -> ofTask.of(key, time)))
                .or(() -> TasksExportKey.parse(message).map(key -> new Export(key.key(), () -> ofTasks.of(key, time))));
    }

    /** Without what it says, which may quote a step. */
    private static String told(SQSMessage message, Exception failure) {
        String causes = Stream.iterate((Throwable) failure, Objects::nonNull, Throwable::getCause)
                .map(cause -> cause.getClass().getSimpleName())
                .collect(Collectors.joining(" by "));
        StackTraceElement[] stack = failure.getStackTrace();
        return message.getMessageId() + " failed: " + causes + (stack.length == 0 ? "" : " at " + stack[0]) + "\n";
    }

    /** Of this try; SQS counts them. */
    private static int number(SQSMessage message) {
        Map<String, String> attributes = message.getAttributes() == null ? Map.of() : message.getAttributes();
        return Integer.parseInt(attributes.getOrDefault("ApproximateReceiveCount", "1"));
    }

    @Override
    public void close() {
        database.close();
    }
}
