package dev.steptrail.api;

import static dev.steptrail.store.TestRecords.message;

import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.TestRecords;
import java.util.Map;
import java.util.UUID;

/** Base of tests of the API, with a separate database. */
abstract class ApiTestBase {
    static final String TASKS = "GET /api/tasks";
    static final String TASK = "GET /api/tasks/{task_id}";
    static final String STEPS = "GET /api/tasks/{task_id}/steps";
    static final String REPORT = "GET /api/tasks/{task_id}/report";
    static final String SCREENSHOTS = "GET /api/tasks/{task_id}/screenshots";
    static final String SCREENSHOT = "GET /api/steps/{step_id}/screenshot";
    static final TestDatabase DATABASE =
            TestDatabase.migrated().register("AIDAALICE", "alice").register("AIDACAROL", "carol");
    static final Map<String, String> SETTINGS =
            TestSettings.of(DATABASE, Map.of("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9000"));

    static final ApiHandler HANDLER = new ApiHandler(SETTINGS);

    final Api alice = new Api(HANDLER, Map.of("sub", "alice"));
    final Api bob = new Api(HANDLER, Map.of("sub", "bob"));
    final Api admin = new Api(HANDLER, Map.of("sub", "root", "cognito:groups", "[others steptrail-admin]"));
    final UUID task = UuidV7.at(TestRecords.START);

    void write(StepRecord... records) {
        DATABASE.write(message("AIDAALICE", records));
    }

    String key(String file) {
        return "screenshots/AIDAALICE/" + task + "/" + file;
    }
}
