package dev.steptrail.operations;

import dev.steptrail.aws.Settings;
import dev.steptrail.aws.TestBucket;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.TestRecords;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.roles.FunctionLogin;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Base of tests with a bucket, and rows that reference some of its objects. */
abstract class BucketTestBase {
    static final TestDatabase DATABASE = TestDatabase.migrated().register("sender", "alice");
    static final Database OPERATIONS = DATABASE.database(FunctionLogin.OPERATIONS);
    static final Supplier<Duration> A_MINUTE = () -> Duration.ofMinutes(1);
    static final Supplier<Duration> NO_TIME = () -> Duration.ofSeconds(-1);

    final TestBucket bucket = TestBucket.empty();
    final BucketClient objects = new BucketClient(new Settings(bucket.settings()));
    final UUID task = UuidV7.at(TestRecords.START);

    @BeforeEach
    void beginWithoutTasks() {
        DATABASE.execute("DELETE FROM rejected_messages; DELETE FROM findings; DELETE FROM step_screenshots;"
                + " DELETE FROM task_steps; DELETE FROM tasks");
    }

    @AfterEach
    void close() {
        objects.close();
    }

    static Clock inDays(long days) {
        return Clock.offset(Clock.systemUTC(), Duration.ofDays(days));
    }

    /** Returns a step with one screenshot, whose key need not exist in the bucket. */
    Step seen(int number, String key) {
        return TestRecords.withScreenshot(TestRecords.step(task, number), FrameRole.BEFORE, key);
    }

    String key(String file) {
        return "screenshots/sender/" + task + "/" + file;
    }

    /** Stores an object and returns its key. */
    String stored(String key) {
        bucket.put(key, new byte[1]);
        return key;
    }

    List<String> keys() {
        return objects.list("", null).map(S3Object::key).toList();
    }
}
