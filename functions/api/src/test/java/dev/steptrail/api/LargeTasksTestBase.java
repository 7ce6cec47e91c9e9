package dev.steptrail.api;

import static dev.steptrail.store.TestRecords.message;
import static dev.steptrail.store.TestRecords.with;

import dev.steptrail.stepformat.Losses;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.TestRecords;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;

/** Base of tests of tasks with as much text as records may have, in a separate database. */
abstract class LargeTasksTestBase {
    /** The length of a text in records whose other fields are long too. */
    static final int LONG_TEXT = 64 * 1024;

    static final int MAX_ANSWER = 6 * 1024 * 1024;

    static final TestDatabase DATABASE = TestDatabase.migrated().register("AIDAALICE", "alice");
    private static final ApiHandler HANDLER = new ApiHandler(TestSettings.of(DATABASE, Map.of()));

    final Api alice = new Api(HANDLER, Map.of("sub", "alice"));
    final UUID task = UuidV7.at(TestRecords.START);

    static void writeFor(String sender, StepRecord... records) {
        DATABASE.write(message(sender, records));
    }

    static TaskStarted started(UUID id, String description, String name) {
        TaskStarted start = with(TestRecords.started(id), "name", name, "description", description);
        Map<String, Object> metadata = Map.of("note", "x".repeat(60_000));
        return with(start, "metadata", metadata, "unknown", Map.of("more", "x".repeat(60_000)));
    }

    static TaskEnded ended(UUID id, String message) {
        return new TaskEnded(
                id, TestRecords.START.plusSeconds(9), TaskStatus.FAILED, null, message, 1, List.of(), Map.of());
    }

    static Losses losses(UUID id) {
        Map<String, Long> reasons = new HashMap<>();
        IntStream.range(0, 10_000).forEach(i -> reasons.put("reason_" + i, 1L));
        return new Losses(id, TestRecords.START.plusSeconds(8), reasons, Map.of(), Map.of());
    }

    /** Returns the length of the response body in base64. */
    static int answerLength(Api.Answer answer) {
        return Base64.getEncoder()
                .encodeToString(answer.body().getBytes(StandardCharsets.UTF_8))
                .length();
    }
}
