package dev.steptrail.operations;

import static dev.steptrail.store.TestRecords.ended;
import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.archive.ArchiveRestorer;
import dev.steptrail.aws.BucketException;
import dev.steptrail.aws.BucketReader;
import dev.steptrail.aws.Settings;
import dev.steptrail.aws.TestBucket;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Screenshot;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.admin.AuditLog.AuditEntry;
import dev.steptrail.store.admin.JobCompletion;
import dev.steptrail.store.ingest.WriteResult;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.model.ArchiveBacklog;
import dev.steptrail.store.retention.ArchivedRowDeleter;
import dev.steptrail.store.retention.IdleTaskFinalizer;
import dev.steptrail.store.retention.PartitionRepository;
import dev.steptrail.store.retention.TaskRestorer;
import dev.steptrail.store.roles.FunctionLogin;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import software.amazon.awssdk.services.s3.model.S3Object;

/** A database and a bucket with tasks past their retention, and the jobs that archive them. */
final class ExpiredTasks implements AutoCloseable {
    static final Supplier<Duration> A_MINUTE = () -> Duration.ofMinutes(1);
    static final String OWNER = "alice/../@example.com";
    private static final Duration NINETY_DAYS = Duration.ofDays(90);
    private static final Instant MARCH = Instant.parse("2025-03-10T10:00:00Z");

    final TestDatabase database = TestDatabase.migrated().register("sender", OWNER);
    final TestBucket bucket = TestBucket.empty();
    final Database connection = database.database(FunctionLogin.OPERATIONS);
    final BucketClient objects = new BucketClient(new Settings(bucket.settings()));
    final Retention retention = new Retention(connection, objects, NINETY_DAYS);

    ExpiredTasks() {
        database.execute("""
                SELECT create_month_partition(parent, month)
                  FROM unnest(ARRAY['task_steps', 'step_screenshots', 'audit_log']) AS parent
                 CROSS JOIN unnest(ARRAY[date '2025-02-01', '2025-03-01', '2025-04-01']) AS month
                """);
    }

    /** Creates an ended task with this many steps and their screenshots, whose last activity was 100 days ago. */
    UUID task(Instant time, int steps) {
        UUID task = UuidV7.at(time);
        write(started(task));
        IntStream.rangeClosed(1, steps).forEach(number -> write(stepWithScreenshots(task, number)));
        write(ended(task, TaskStatus.SUCCEEDED, steps));
        age(task);
        return task;
    }

    UUID task(int steps) {
        return task(MARCH, steps);
    }

    void write(StepRecord record) {
        assertThat(arrive(record).rejected()).isZero();
    }

    WriteResult arrive(StepRecord... records) {
        return database.write(records);
    }

    /** Ends all running tasks as abandoned. */
    void abandon() {
        database.execute("UPDATE tasks SET received_at = now() - interval '7 hours'");
        new IdleTaskFinalizer(connection).abandon(10, Duration.ofMinutes(1));
    }

    /** Lets archived steps be stored again, as earlier releases did, which did not check the archive. */
    void acceptArchivedSteps() {
        database.execute("UPDATE task_processing SET counted_steps = '{}'");
    }

    /** Stores two screenshots, one with a thumbnail, and returns a step that references them. */
    Step stepWithScreenshots(UUID task, int number) {
        String folder = "screenshots/sender/" + task + "/" + number;
        List<String> keys = List.of(folder + ".webp", folder + "-after.webp", folder + "-small.webp");
        keys.forEach(key -> bucket.put(key, new byte[1]));
        return step(task, number)
                .withScreenshots(
                        List.of(
                                screenshot(FrameRole.BEFORE, keys.get(0), keys.get(2)),
                                screenshot(FrameRole.AFTER, keys.get(1), null)),
                        List.of());
    }

    private static Screenshot screenshot(FrameRole role, String key, String thumbnail) {
        return new Screenshot(
                role,
                key,
                "0".repeat(64),
                1000,
                Long.MAX_VALUE,
                1080,
                2400,
                "webp",
                true,
                true,
                List.of(),
                "ff00",
                thumbnail,
                Instant.parse("2026-03-01T10:00:00.123456Z"),
                Map.of("luck", 7));
    }

    void age(UUID task) {
        database.execute("UPDATE tasks SET received_at = now() - interval '100 days',"
                + " restored_at = restored_at - interval '100 days' WHERE task_id = '" + task + "'");
        processChanged();
    }

    /** Processes changed tasks, as maintenance does before retention. */
    void processChanged() {
        connection.inTransaction(session -> {
            session.execute("""
                    INSERT INTO task_processing AS p (task_id, changed_at, counted_steps)
                    SELECT task_id,
                           received_at,
                           coalesce((SELECT range_agg(int8range(step_number, step_number, '[]'))
                                       FROM task_steps AS s
                                      WHERE s.task_id = t.task_id), '{}')
                      FROM tasks AS t
                    ON CONFLICT (task_id) DO UPDATE
                        SET changed_at    = excluded.changed_at,
                            counted_steps = p.counted_steps + excluded.counted_steps
                    """);
            ArchiveBacklog.update(
                    session, session.sql("SELECT task_id FROM tasks").list(row -> row.getObject(1, UUID.class)));
            return true;
        });
    }

    Map<String, Long> run() {
        processChanged();
        Progress progress = retention.run(A_MINUTE, null);
        assertThat(progress.resumeAt()).isNull();
        return progress.counts();
    }

    /** Returns a retention job with a short lock timeout. */
    Retention retentionWithShortLockTimeout() {
        Duration lockTimeout = Duration.ofMillis(100);
        return new Retention(
                connection,
                objects,
                NINETY_DAYS,
                new ArchivedRowDeleter(connection, lockTimeout),
                new PartitionRepository(connection, lockTimeout));
    }

    /** Deletes the objects that retention has queued, as if they had been stored long before. */
    void purge() {
        database.execute("UPDATE objects_to_delete SET added_at = added_at + interval '2 minutes'");
        new ObjectPurger(connection, objects).run(A_MINUTE, null);
    }

    ArchiveRestorer.Outcome restore(UUID task) {
        return restore(task, A_MINUTE);
    }

    ArchiveRestorer.Outcome restore(UUID task, Supplier<Duration> time) {
        BucketReader reader = new BucketReader(new Settings(bucket.settings()));
        try {
            return new ArchiveRestorer(connection, reader).restore(task, completion(task), time);
        } catch (BucketException e) {
            throw new AssertionError(e);
        }
    }

    /** Returns the completion of a job that does not exist. */
    static JobCompletion completion(UUID task) {
        return new JobCompletion(UUID.randomUUID(), new AuditEntry("root", "restore_task", task, Map.of()));
    }

    /** Restores a task, which must succeed. */
    TaskRestorer.Restored restored(UUID task) {
        ArchiveRestorer.Outcome outcome = restore(task);
        assertThat(outcome).isInstanceOf(ArchiveRestorer.Success.class);
        return ((ArchiveRestorer.Success) outcome).task();
    }

    /** Returns all rows of a task as text, without what retention itself records. */
    List<String> rows(UUID task) {
        return Stream.of(
                        "SELECT (to_jsonb(t) - 'restored_at' - 'revision')::text || metadata::text FROM tasks AS t WHERE task_id = '%s'",
                        "SELECT t::text FROM task_steps AS t WHERE task_id = '%s' ORDER BY step_number",
                        "SELECT t::text FROM step_screenshots AS t WHERE task_id = '%s' ORDER BY step_number, screenshot_index")
                .flatMap(sql -> database.column(sql.formatted(task)).stream())
                .toList();
    }

    long steps(UUID task) {
        return Long.parseLong(database.value("SELECT count(*) FROM task_steps WHERE task_id = '" + task + "'"));
    }

    String status(UUID task) {
        return database.task(task, "status");
    }

    List<String> keys(String prefix) {
        return objects.list(prefix, null).map(S3Object::key).toList();
    }

    boolean exists(String table) {
        return database.value("SELECT to_regclass('" + table + "')") != null;
    }

    @Override
    public void close() {
        connection.close();
        objects.close();
    }
}
