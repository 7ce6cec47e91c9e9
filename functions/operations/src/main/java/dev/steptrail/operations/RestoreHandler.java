package dev.steptrail.operations;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import dev.steptrail.store.Database;
import dev.steptrail.store.Settings;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;

/**
 * Brings an archived task back: its steps, and its status of before. Its screenshots' objects went for good when it was archived;
 * only what is known of them comes back. To ask again is harmless.
 */
public final class RestoreHandler implements RequestHandler<Map<String, Object>, Map<String, Object>> {
    /** To move its rows into their month. */
    private static final Duration RESERVE = Duration.ofSeconds(20);

    private final RestoreArchives restore;
    private final KeepPartitions partitions;

    /** With the settings of the environment, as Lambda calls it. */
    public RestoreHandler() {
        this(System.getenv());
    }

    /**
     * @param settings {@code STEPTRAIL_DATABASE_URL}, {@code STEPTRAIL_DATABASE_USER}, {@code STEPTRAIL_DATABASE_PASSWORD}; the
     *     user must own the tables; {@code STEPTRAIL_BUCKET}, {@code AWS_REGION}, {@code AWS_ACCESS_KEY_ID}, {@code
     *     AWS_SECRET_ACCESS_KEY}, and where they are given, {@code AWS_SESSION_TOKEN} and {@code AWS_ENDPOINT_URL_S3}
     * @throws IllegalArgumentException naming the setting that is missing or wrong
     */
    public RestoreHandler(Map<String, String> settings) {
        Settings checked = new Settings(settings);
        Database database = Database.forMaintenance(checked);
        this.restore = new RestoreArchives(database, new BucketObjects(checked));
        this.partitions = new KeepPartitions(database);
    }

    /**
     * Restores a task, or changes nothing.
     *
     * @param input {@code task_id}
     * @return {@code outcome}: {@code restored}, and then the task's {@code status} and how many {@code parts}, {@code steps} and
     *     {@code screenshots} it has; else {@code no_such_task}, {@code not_archived}, {@code archive_missing} or {@code
     *     archive_damaged}, and then {@code reason}, for a person
     * @throws IllegalArgumentException if {@code task_id} is missing or no UUID
     */
    @Override
    public Map<String, Object> handleRequest(Map<String, Object> input, Context context) {
        RestoreArchives.Outcome outcome = restore.of(taskId(input));
        if (outcome instanceof RestoreArchives.Refused refused) {
            return Map.of("outcome", refused.outcome(), "reason", refused.reason());
        }
        RestoreArchives.Done done = (RestoreArchives.Done) outcome;
        // Its month may have been dropped. Where others hold the table now, the hourly run makes it.
        partitions.run(
                () -> Duration.ofMillis(context.getRemainingTimeInMillis()).minus(RESERVE), null);
        return Map.of(
                "outcome", "restored",
                "status", done.task().status(),
                "parts", done.parts(),
                "steps", done.task().steps(),
                "screenshots", done.task().screenshots());
    }

    private static UUID taskId(Map<String, Object> input) {
        if (input.get("task_id") instanceof String text) {
            try {
                return UUID.fromString(text);
            } catch (IllegalArgumentException e) {
                // said below
            }
        }
        throw new IllegalArgumentException("task_id: must be a UUID, such as 01a20e42-10e9-7923-920f-3c01bb59c63d");
    }
}
