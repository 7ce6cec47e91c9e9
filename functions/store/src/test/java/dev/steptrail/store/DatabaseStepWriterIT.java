package dev.steptrail.store;

import static dev.steptrail.store.TestRecords.message;
import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Losses;
import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.stepformat.MessageRecord;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.UuidV7;
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
    /** Enough that writers without an order of locks do deadlock. */
    private static final int TASKS = 10;

    /** Each written by two at a time. */
    private static final int BATCHES = 1000;

    private static final TestDatabase DATABASE = TestDatabase.migrated();
    private static final Database CONNECTION = DATABASE.database();
    private static final DatabaseStepWriter WRITER = new DatabaseStepWriter(CONNECTION);

    static {
        new RegisterAgent(CONNECTION).register(new Agent("sender", "alice", List.of()));
    }

    @Test
    void theSameTextInAnotherEncoding_isKeptToo() {
        String text = "kept-" + UUID.randomUUID();
        for (String encoding : Arrays.asList(null, "gzip", null, "gzip")) {
            ReceivedMessage message = new ReceivedMessage("nobody", new MessageBody(text, encoding), List.of(), null);
            WRITER.write(List.of(message));
        }

        assertThat(DATABASE.column("SELECT content_encoding FROM rejected_messages WHERE body = '" + text + "'"))
                .containsExactlyInAnyOrder(null, "gzip");
    }

    @Test
    void aSendersOwnWordForWhereItsLossesLie_isLeftOut() {
        UUID id = UuidV7.at(TestRecords.START);
        Losses losses = new Losses(
                id,
                TestRecords.START,
                Map.of("full", 1L),
                Map.of(),
                Map.of("payload_path", "payloads/victim/" + id + "/x"));

        assertThat(TaskCuts.json(losses, null)).contains("full").doesNotContain("victim");
    }

    /** Batches that overlap, each the other's in the opposite order, from writers of their own. */
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
    void anyText_comesBackFromPostgresAsTheDecoderLeftIt(
            @ForAll @StringLength(max = 200) String thinking, @ForAll @StringLength(max = 50) String field)
            throws Exception {
        UUID task = UuidV7.at(TestRecords.START);
        Step sent = TestRecords.withScreenshot(
                step(task, 1, thinking, Map.of("field", field)), FrameRole.BEFORE, "screenshots/sender/" + task + "/a");
        MessageBody body = MessageCodec.encode(List.of(RecordCodec.encode(sent)));
        List<MessageRecord> decoded = MessageCodec.decode(body);

        WriteResult first = WRITER.write(List.of(new ReceivedMessage("sender", body, decoded, null)));
        WriteResult again = WRITER.write(List.of(new ReceivedMessage("sender", body, decoded, null)));
        StoredStep read = new ListSteps(CONNECTION)
                .page(task, StepFilter.ALL, true, null, 1)
                .items()
                .get(0);

        Step expected = (Step) ((MessageRecord.Valid) decoded.get(0)).record();
        assertThat(read).isEqualTo(Rows.of(expected));
        assertThat(first).isEqualTo(new WriteResult(1, 0, 0, 0, 0));
        assertThat(again).isEqualTo(new WriteResult(0, 1, 0, 0, 0));
    }

    @Test
    void aConnectionThatTheServerClosed_isReplacedWithinTheCall() {
        UUID task = UuidV7.at(TestRecords.START);
        WRITER.write(List.of(message("sender", step(task, 1))));
        DATABASE.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'steptrail'");

        WriteResult result = WRITER.write(List.of(message("sender", step(task, 2))));

        assertThat(result.steps()).isEqualTo(1);
    }

    @Test
    void aConnectionThatIsTestedBeforeEachUse_readsAndWritesInTurns() {
        UUID task = UuidV7.at(TestRecords.START);
        try (Database tested = new Database(new Settings(DATABASE.settings()), Duration.ZERO)) {
            DatabaseStepWriter writer = new DatabaseStepWriter(tested);

            tested.check();
            WriteResult result = writer.write(List.of(message("sender", step(task, 1))));
            tested.check();

            assertThat(result.steps()).isEqualTo(1);
        }
    }

    @Test
    void aKeyUnderASenderOfTheTasksOwner_isTakenFromWhoRecordsOnTheirBehalf() {
        new RegisterAgent(CONNECTION).register(new Agent("proxy", "proxy", List.of("alice")));
        UUID task = UuidV7.at(TestRecords.START);
        Step alices = withKey(task, 1, "sender");
        Step own = withKey(task, 2, "proxy");

        WriteResult together = WRITER.write(List.of(message("proxy", TestRecords.started(task, "alice"), alices, own)));
        WriteResult later = WRITER.write(List.of(message("proxy", withKey(task, 3, "sender"))));
        WriteResult alone = WRITER.write(List.of(message("sender", withKey(task, 4, "proxy"))));

        assertThat(together.steps()).isEqualTo(2);
        assertThat(later.steps()).isEqualTo(1);
        assertThat(alone.rejected()).isEqualTo(1);
    }

    /** An agent of its own within a role is its own owner's, whoever else the batch has to do with. */
    @Test
    void aKeyUnderAnotherOwnersSession_isRefusedWhetherOrNotThatOwnerIsInTheBatch() {
        new RegisterAgent(CONNECTION).register(new Agent("role", "dora", List.of()));
        new RegisterAgent(CONNECTION).register(new Agent("role:erin", "erin", List.of()));
        UUID task = UuidV7.at(TestRecords.START);
        UUID erins = UuidV7.at(TestRecords.START);

        WriteResult without = WRITER.write(List.of(message("role", withKey(task, 1, "role:erin"))));
        WriteResult with = WRITER.write(List.of(
                message("role", withKey(task, 2, "role:erin")), message("role:erin", withKey(erins, 1, "role:erin"))));
        WriteResult otherSession = WRITER.write(List.of(message("role", withKey(task, 3, "role:frank"))));

        assertThat(without.rejected()).isEqualTo(1);
        assertThat(with.rejected()).isEqualTo(1);
        assertThat(with.steps()).isEqualTo(1);
        assertThat(otherSession.steps()).isEqualTo(1);
    }

    /** While the writer waits for the first of two tasks, it must not hold the second, though that one is handed over. */
    @Test
    void aTaskThatIsHandedOver_isLockedInTheOrderOfIdsToo() throws Exception {
        new RegisterAgent(CONNECTION).register(new Agent("late", "late", List.of("alice")));
        UUID first = UuidV7.at(TestRecords.START);
        UUID second = UuidV7.at(TestRecords.START.plusSeconds(1));
        WRITER.write(List.of(message("late", step(first, 1), step(second, 1))));
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try (Database other = DATABASE.database();
                Database waiting = DATABASE.database()) {
            Future<WriteResult> result = other.inTransaction(connection -> {
                try (var statement = connection.createStatement()) {
                    statement.execute("SELECT 1 FROM tasks WHERE task_id = '" + first + "' FOR UPDATE");
                    Future<WriteResult> written = pool.submit(() -> new DatabaseStepWriter(waiting)
                            .write(List.of(message("late", step(first, 2), TestRecords.started(second, "alice")))));
                    while (DATABASE.value("SELECT count(*) FROM pg_locks WHERE NOT granted")
                            .equals("0")) {
                        Thread.onSpinWait();
                    }
                    statement.execute("SELECT 1 FROM tasks WHERE task_id = '" + second + "' FOR UPDATE NOWAIT");
                    return written;
                }
            });

            assertThat(result.get().steps()).isEqualTo(1);
            assertThat(DATABASE.value("SELECT owner FROM tasks WHERE task_id = '" + second + "'"))
                    .isEqualTo("alice");
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void aStepThatAnotherWritesMeanwhile_isSeenOnceHeHas() throws Exception {
        UUID task = UuidV7.at(TestRecords.START);
        WRITER.write(List.of(message("sender", started(task), step(task, 1))));

        WriteResult result = writeWhile("""
                INSERT INTO task_steps (task_id, step_number, step_type, step_data, created_at)
                SELECT task_id, 2, 'of another', step_data, created_at
                  FROM task_steps
                 WHERE task_id = '%1$s';
                UPDATE tasks SET total_steps = total_steps + 1 WHERE task_id = '%1$s'
                """.formatted(task), message("sender", step(task, 2), step(task, 3)));

        assertThat(result.steps()).isEqualTo(1);
        assertThat(result.conflicts()).isEqualTo(1);
        assertThat(DATABASE.column(
                        "SELECT step_type FROM task_steps WHERE task_id = '" + task + "' AND step_number = 2"))
                .containsExactly("of another");
        assertThat(DATABASE.value("SELECT total_steps FROM tasks WHERE task_id = '" + task + "'"))
                .isEqualTo("3");
    }

    @Test
    void aTaskThatIsDeletedMeanwhile_isNotBroughtBack() throws Exception {
        UUID task = UuidV7.at(TestRecords.START);
        WRITER.write(List.of(message("sender", started(task), step(task, 1))));

        WriteResult result = writeWhile(
                "UPDATE tasks SET status = 'deleted', deleted_at = now() WHERE task_id = '" + task + "'",
                message("sender", step(task, 2)));

        assertThat(result.steps()).isZero();
        assertThat(result.dropped()).isEqualTo(1);
        assertThat(DATABASE.value("SELECT count(*) FROM task_steps WHERE task_id = '" + task + "'"))
                .isEqualTo("1");
    }

    @Test
    void aTaskThatIsArchivedMeanwhile_takesNoStepThatItsArchiveMayHold() throws Exception {
        UUID task = UuidV7.at(TestRecords.START);
        WRITER.write(List.of(message("sender", started(task), step(task, 1))));

        WriteResult result = writeWhile("""
                UPDATE tasks SET status = 'archived', archived_status = status WHERE task_id = '%1$s';
                INSERT INTO task_looks (task_id, news_at, numbers) VALUES ('%1$s', now(), '{[1,3)}')
                """.formatted(task), message("sender", step(task, 2), step(task, 3)));

        assertThat(result.steps()).isEqualTo(1);
        assertThat(DATABASE.value(
                        "SELECT step_number FROM task_steps WHERE task_id = '" + task + "' AND step_number > 1"))
                .isEqualTo("3");
    }

    /** Writes while another has done this and not committed it, which he does when the writer waits for him. */
    private static WriteResult writeWhile(String sql, ReceivedMessage message) throws Exception {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try (Database other = DATABASE.database();
                Database waiting = DATABASE.database()) {
            Future<WriteResult> result = other.inTransaction(connection -> {
                try (var statement = connection.createStatement()) {
                    statement.execute(sql);
                    Future<WriteResult> written =
                            pool.submit(() -> new DatabaseStepWriter(waiting).write(List.of(message)));
                    while (DATABASE.value("SELECT count(*) FROM pg_locks WHERE NOT granted")
                            .equals("0")) {
                        Thread.onSpinWait();
                    }
                    return written;
                }
            });
            return result.get();
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void aGoodStepBehindABadKeyOfItsFolder_isStored() {
        new RegisterAgent(CONNECTION).register(new Agent("second", "alice", List.of()));
        UUID task = UuidV7.at(TestRecords.START);

        WriteResult result = WRITER.write(List.of(message(
                "sender", started(task), withFile(task, 1, "second", ".."), withFile(task, 2, "second", "ok.webp"))));

        assertThat(result.steps()).isEqualTo(1);
        assertThat(result.rejected()).isEqualTo(1);
    }

    @Test
    void aForeignKeyBehindABadKeyOfItsFolder_isRefused() {
        new RegisterAgent(CONNECTION).register(new Agent("anna", "dora", List.of()));
        new RegisterAgent(CONNECTION).register(new Agent("anna:erin", "erin", List.of()));
        UUID task = UuidV7.at(TestRecords.START);

        WriteResult result = WRITER.write(List.of(message(
                "anna",
                started(task),
                withFile(task, 1, "anna:erin", ".."),
                withFile(task, 2, "anna:erin", "a.webp"))));

        assertThat(result.steps()).isZero();
        assertThat(result.rejected()).isEqualTo(2);
    }

    private static Step withFile(UUID task, int number, String sender, String file) {
        return TestRecords.withScreenshot(
                step(task, number), FrameRole.BEFORE, "screenshots/" + sender + "/" + task + "/" + file);
    }

    private static Step withKey(UUID task, int number, String sender) {
        return TestRecords.withScreenshot(
                step(task, number), FrameRole.BEFORE, "screenshots/" + sender + "/" + task + "/a.webp");
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
                    // Such a batch tells of a task besides its steps.
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

    /** Counted once the backends that had them are gone. */
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
