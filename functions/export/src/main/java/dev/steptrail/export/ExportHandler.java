package dev.steptrail.export;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import dev.steptrail.report.ExportKey;
import dev.steptrail.report.TasksExportKey;
import dev.steptrail.store.Database;
import dev.steptrail.store.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes the exports that messages of a queue ask for. What throws is tried again, as often as the queue says. */
public final class ExportHandler implements RequestHandler<SQSEvent, @Nullable Void>, AutoCloseable {
    /** What is asked for. */
    private interface Export {
        void make(TimeLeft time) throws IOException;
    }

    private final Database database;
    private final MakeExport ofTask;
    private final MakeTasksExport ofTasks;

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
    }

    @Override
    public @Nullable Void handleRequest(SQSEvent event, Context context) {
        TimeLeft time = new TimeLeft(() -> Duration.ofMillis(context.getRemainingTimeInMillis()));
        for (SQSMessage message : event.getRecords()) {
            Optional<Export> export = asked(message.getBody());
            if (export.isEmpty()) {
                context.getLogger().log(message.getMessageId() + " asks for no export\n", LogLevel.ERROR);
                continue;
            }
            try {
                export.get().make(time);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return null;
    }

    private Optional<Export> asked(String message) {
        return ExportKey.parse(message)
                .<Export>map(key -> time -> ofTask.of(key, time))
                .or(() -> TasksExportKey.parse(message).map(key -> time -> ofTasks.of(key, time)));
    }

    @Override
    public void close() {
        database.close();
    }
}
