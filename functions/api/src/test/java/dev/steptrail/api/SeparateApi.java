package dev.steptrail.api;

import static dev.steptrail.store.TestRecords.message;

import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.store.TestDatabase;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/** An API with a separate database, and without a bucket. */
final class SeparateApi {
    final TestDatabase database = TestDatabase.migrated();
    final Api admin = new Api(handler(), Map.of("sub", "root", "cognito:groups", "[steptrail-admin]"));

    private ApiHandler handler() {
        return new ApiHandler(TestSettings.of(database, Map.of("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9000")));
    }

    /** Returns the API as this user calls it. */
    Api by(String user) {
        return new Api(handler(), Map.of("sub", user));
    }

    /** Registers the agent of a user, and writes records that it sends. */
    void write(String owner, StepRecord... records) {
        String sender = "AIDA" + owner.toUpperCase(Locale.ROOT);
        database.register(sender, owner).write(message(sender, records));
    }

    void tag(Api caller, UUID task, String... tags) {
        for (String tag : tags) {
            caller.call(
                    "PUT /api/tasks/{task_id}/tags/{tag}",
                    Map.of("task_id", task.toString(), "tag", tag),
                    "",
                    "",
                    null);
        }
    }
}
