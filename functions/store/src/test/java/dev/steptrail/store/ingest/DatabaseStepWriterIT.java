package dev.steptrail.store.ingest;

import static dev.steptrail.store.TestRecords.message;
import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.aws.Settings;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.stepformat.MessageRecord;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.TestRecords;
import dev.steptrail.store.admin.AgentRepository;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.model.Agent;
import dev.steptrail.store.model.StoredStep;
import dev.steptrail.store.query.StepRepository;
import dev.steptrail.store.query.StepRepository.StepFilter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class DatabaseStepWriterIT {
    /** Enough that writers without a lock order would deadlock. */
    private static final int TASKS = 10;

    /** Each is written by two writers concurrently. */
    private static final int BATCHES = 1000;

    private static final TestDatabase DATABASE = TestDatabase.migrated();
    private static final Database CONNECTION = DATABASE.database();
    private static final DatabaseStepWriter WRITER = new DatabaseStepWriter(CONNECTION);

    static {
        new AgentRepository(CONNECTION).register(new Agent("sender", "alice", List.of()));
    }

    @Test
    void sameTextInAnotherEncoding_isStoredToo() {
        String text = "kept-" + UUID.randomUUID();
        for (String encoding : Arrays.asList(null, "gzip", null, "gzip")) {
            ReceivedMessage message = new ReceivedMessage("absent", new MessageBody(text, encoding), List.of(), null);
            WRITER.write(List.of(message));
        }

        assertThat(DATABASE.column("SELECT content_encoding FROM rejected_messages WHERE body = '" + text + "'"))
                .containsExactlyInAnyOrder(null, "gzip");
    }

    @Test
    void secondStart_isIgnored_soThatNoAttachmentBelongsToAnotherValue() {
        UUID task = UuidV7.at(TestRecords.START);
        String path = "attachments/sender/" + task + "/a.json.gz";
        WRITER.write(List.of(message("sender", TestRecords.started(task, null, "short"))));
        WRITER.write(List.of(message(
                "sender",
                TestRecords.started(
                        task, null, "d".repeat(4_000), List.of(TestRecords.attachment("description", path))))));

        assertThat(DATABASE.value("SELECT description || coalesce(extra_start_fields::text, '') FROM tasks"
                        + " WHERE task_id = '" + task + "'"))
                .isEqualTo("short");
    }

    /** A generic plan of this statement would lock and probe every month. */
    @Test
    void preparedStatements_theLookupOfSteps_isPlannedEachTime() {
        Map<String, String> settings = DATABASE.settings(Map.of(
                "STEPTRAIL_DATABASE_URL", DATABASE.settings().get("STEPTRAIL_DATABASE_URL") + "?prepareThreshold=5"));
        UUID task = UuidV7.at(TestRecords.START);
        try (Database database = Database.withPreparedStatements(new Settings(settings))) {
            DatabaseStepWriter writer = new DatabaseStepWriter(database);
            for (int number = 1; number <= 20; number++) {
                writer.write(List.of(message("sender", step(task, number))));
            }

            assertThat(database.<String>lookUp(
                            session -> session.sql("""
                            SELECT sum(generic_plans) FILTER (WHERE statement LIKE '%LATERAL%') AS generic_plans_of_lookup,
                                   bool_or(statement LIKE 'UPDATE tasks AS t%')                 AS others_are_prepared
                              FROM pg_prepared_statements
                            """).single(row -> row.getString(1) + " " + row.getBoolean(2))))
                    .isEqualTo("0 true");
        }
    }

    /** Separate writers send overlapping batches in opposite orders. */
    @Test
    void writersOfTheSameTasksInOppositeOrder_neverDeadlockAndCountExactly() throws Exception {
        List<UUID> tasks =
                Stream.generate(() -> UuidV7.at(TestRecords.START)).limit(TASKS).toList();
        long deadlocksBefore = deadlocks();
        ExecutorService pool = Executors.newFixedThreadPool(2);
        try {
            List<Future<WriteResult>> results = new ArrayList<>();
            for (int writer = 0; writer < 2; writer++) {
                boolean backwards = writer == 1;
                results.add(pool.submit(() -> writeAll(tasks, backwards)));
            }
            int steps = 0;
            int duplicates = 0;
            for (Future<WriteResult> result : results) {
                steps += result.get().steps();
                duplicates += result.get().duplicates();
            }
            assertThat(steps).isEqualTo(TASKS * BATCHES);
            assertThat(duplicates).isEqualTo(TASKS * BATCHES);
        } finally {
            pool.shutdown();
        }

        assertThat(deadlocks()).isEqualTo(deadlocksBefore);
        assertThat(DATABASE.value("SELECT count(*) FROM rejected_messages WHERE sender_id = 'stranger'"))
                .isEqualTo(String.valueOf(BATCHES));
        assertThat(DATABASE.column(
                        "SELECT task_id FROM tasks AS t WHERE total_steps <> (SELECT count(*) FROM task_steps"
                                + " AS s WHERE s.task_id = t.task_id)"))
                .isEmpty();
    }

    @Property(tries = 100)
    void anyDecodedText_isReadBackUnchanged(
            @ForAll @StringLength(max = 200) String thinking, @ForAll @StringLength(max = 50) String field)
            throws Exception {
        UUID task = UuidV7.at(TestRecords.START);
        Step sent = TestRecords.withScreenshot(
                step(task, 1, thinking, Map.of("field", field)), FrameRole.BEFORE, "screenshots/sender/" + task + "/a");
        MessageBody body = MessageCodec.encode(List.of(RecordCodec.encode(sent)));
        List<MessageRecord> decoded = MessageCodec.decode(body);

        WriteResult first = WRITER.write(List.of(new ReceivedMessage("sender", body, decoded, null)));
        WriteResult again = WRITER.write(List.of(new ReceivedMessage("sender", body, decoded, null)));
        StoredStep read = new StepRepository(CONNECTION)
                .page(task, StepFilter.ALL, true, null, 1)
                .items()
                .get(0);

        Step expected = (Step) ((MessageRecord.Valid) decoded.get(0)).record();
        assertThat(read).isEqualTo(StoredStep.of(expected));
        assertThat(first).isEqualTo(new WriteResult(1, 0, 0, 0, 0));
        assertThat(again).isEqualTo(new WriteResult(0, 1, 0, 0, 0));
    }

    @Test
    void connectionClosedByTheServer_isReplacedWithinTheCall() {
        UUID task = UuidV7.at(TestRecords.START);
        WRITER.write(List.of(message("sender", step(task, 1))));
        DATABASE.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'steptrail'");

        WriteResult result = WRITER.write(List.of(message("sender", step(task, 2))));

        assertThat(result.steps()).isEqualTo(1);
    }

    @Test
    void connectionTestedBeforeEachUse_readsAndWritesAlternately() {
        UUID task = UuidV7.at(TestRecords.START);
        try (Database tested = new Database(new Settings(DATABASE.settings()), Duration.ZERO)) {
            DatabaseStepWriter writer = new DatabaseStepWriter(tested);

            tested.check();
            WriteResult result = writer.write(List.of(message("sender", step(task, 1))));
            tested.check();

            assertThat(result.steps()).isEqualTo(1);
        }
    }

    private static WriteResult writeAll(List<UUID> tasks, boolean backwards) {
        WriteResult sum = WriteResult.NONE;
        try (Database connection = DATABASE.database()) {
            DatabaseStepWriter writer = new DatabaseStepWriter(connection);
            for (int number = 1; number <= BATCHES; number++) {
                List<ReceivedMessage> batch = new ArrayList<>();
                for (UUID task : tasks) {
                    batch.add(message("sender", step(task, number)));
                }
                batch.add(message("stranger", step(tasks.get(0), number)));
                if (number % 3 == 0) {
                    // This batch also updates a task.
                    batch.add(message("sender", started(tasks.get(number % tasks.size()))));
                }
                if (backwards) {
                    Collections.reverse(batch);
                }
                sum = sum.plus(writer.write(batch));
            }
        }
        return sum;
    }

    /** Postgres publishes the counts when a backend exits. */
    private static long deadlocks() throws InterruptedException {
        String others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                + " AND application_name = 'steptrail'";
        while (Long.parseLong(DATABASE.value(others)) > 1) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        return Long.parseLong(
                DATABASE.value("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"));
    }
}
