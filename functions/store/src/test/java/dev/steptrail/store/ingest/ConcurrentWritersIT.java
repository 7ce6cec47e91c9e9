package dev.steptrail.store.ingest;

import static dev.steptrail.store.TestRecords.message;
import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.Losses;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.TestRecords;
import dev.steptrail.store.admin.AgentRepository;
import dev.steptrail.store.insights.ChangedTaskProcessor;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.model.Agent;
import dev.steptrail.store.retention.TaskDeletion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Concurrent writers of the same tasks, with maintenance running. */
@Tag("slow")
class ConcurrentWritersIT {
    private static final TestDatabase DATABASE = TestDatabase.migrated();
    private static final Duration A_MINUTE = Duration.ofMinutes(1);

    static {
        AgentRepository agents = new AgentRepository(DATABASE.database());
        agents.register(new Agent("sender", "alice", List.of()));
        agents.register(new Agent("bob", "bob", List.of()));
    }

    private final ExecutorService pool = Executors.newCachedThreadPool();
    private final List<Database> opened = new ArrayList<>();

    @AfterEach
    void close() {
        pool.shutdownNow();
        opened.forEach(Database::close);
    }

    /** While another session locks the task's counters, three writers copy their steps and wait to count them. */
    @Test
    void writersOfOneTask_copyStepsConcurrently() throws Exception {
        UUID task = UuidV7.at(TestRecords.START);
        writer().write(List.of(message("sender", started(task))));

        List<Future<WriteResult>> results = database().inTransaction(session -> {
            try (var statement = session.connection().createStatement()) {
                statement.execute("SELECT FROM tasks WHERE task_id = '" + task + "' FOR NO KEY UPDATE");
                List<Future<WriteResult>> written = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    int number = 1 + i;
                    DatabaseStepWriter writer = writer();
                    written.add(pool.submit(() -> writer.write(List.of(message("sender", step(task, number))))));
                }
                awaitWaiting(3);
                return written;
            }
        });

        for (Future<WriteResult> result : results) {
            assertThat(result.get().steps()).isEqualTo(1);
        }
        assertThat(DATABASE.value("SELECT total_steps FROM tasks WHERE task_id = '" + task + "'"))
                .isEqualTo("3");
    }

    /** Updates of a task wait only for the session that is counting. */
    @Test
    @Timeout(60)
    void lossesOfATaskWithManyWriters_areStored_andBlockNoOtherWriter() throws Exception {
        UUID bobs = UuidV7.at(TestRecords.START.minusSeconds(1000));
        List<UUID> hot =
                Stream.generate(() -> UuidV7.at(TestRecords.START)).limit(20).toList();
        writer().write(List.of(message("bob", started(bobs))));
        hot.forEach(task -> writer().write(List.of(message("sender", started(task)))));
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger number = new AtomicInteger();
        List<Future<?>> flood = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            DatabaseStepWriter writer = writer();
            flood.add(pool.submit(() -> {
                while (!stop.get()) {
                    int next = number.incrementAndGet();
                    writer.write(hot.stream()
                            .map(task -> message("sender", step(task, next)))
                            .toList());
                }
            }));
        }
        while (number.get() < 50) {
            Thread.onSpinWait();
        }

        for (long lost = 1; lost <= 20; lost++) {
            writer().write(List.of(
                    message("bob", step(bobs, (int) lost)),
                    message(
                            "sender",
                            new Losses(hot.get(10), TestRecords.START, Map.of("full", lost), Map.of(), Map.of()))));
        }
        int before = number.get();
        while (number.get() < before + 50) {
            Thread.onSpinWait();
        }
        stop.set(true);
        for (Future<?> one : flood) {
            one.get();
        }

        assertThat(DATABASE.value("SELECT dropped_steps FROM tasks WHERE task_id = '" + hot.get(10) + "'"))
                .isEqualTo("20");
        assertThat(
                        DATABASE.value(
                                "SELECT count(DISTINCT total_steps) || ' ' || max(total_steps) FROM tasks WHERE total_steps > 20"))
                .isEqualTo("1 " + number.get());
    }

    @Test
    void processingChangedTasks_neverDeadlocksWithWriters() throws Exception {
        long deadlocksBefore = deadlocks();
        AtomicBoolean stop = new AtomicBoolean();
        Future<?> looking = pool.submit(() -> {
            ChangedTaskProcessor processor = new ChangedTaskProcessor(database());
            while (!stop.get()) {
                processor.processNext(500, A_MINUTE);
            }
        });
        Random random = new Random(7);
        DatabaseStepWriter writer = writer();
        for (int round = 0; round < 20; round++) {
            List<UUID> tasks = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                tasks.add(UuidV7.at(TestRecords.START.plusSeconds(i)));
            }
            Collections.shuffle(tasks, random); // so that their changes are in another order than their ids
            tasks.forEach(task -> writer.write(List.of(message("sender", started(task), step(task, 2)))));
            for (int i = 1; i <= 4; i++) {
                int times = i;
                writer.write(tasks.stream()
                        .map(task -> message(
                                "sender",
                                step(task, 2 + 2 * times),
                                new Losses(task, TestRecords.START, Map.of("full", (long) times), Map.of(), Map.of())))
                        .toList());
            }
        }
        stop.set(true);
        looking.get();
        close();

        assertThat(deadlocks()).isEqualTo(deadlocksBefore);
    }

    /** The transaction that starts first waits for another task, and so counts last. */
    @Test
    void transactionThatStartedBeforeACallAndCountedAfterIt_isProcessedByTheNextCall() throws Exception {
        UUID blocked = UuidV7.at(TestRecords.START);
        UUID task = UuidV7.at(TestRecords.START.plusSeconds(1)); // locked after the other
        writer().write(List.of(message("sender", started(blocked), started(task))));
        ChangedTaskProcessor processor = new ChangedTaskProcessor(database());

        Future<WriteResult> result = database().inTransaction(session -> {
            try (var statement = session.connection().createStatement()) {
                statement.execute("SELECT FROM tasks WHERE task_id = '" + blocked + "' FOR NO KEY UPDATE");
                DatabaseStepWriter writer = writer();
                Future<WriteResult> written =
                        pool.submit(() -> writer.write(List.of(message("sender", step(blocked, 1), step(task, 7)))));
                awaitWaiting(1);
                writer().write(List.of(message("sender", step(task, 8))));
                processor.processNext(1000, A_MINUTE);
                return written;
            }
        });
        result.get();
        processor.processNext(1000, A_MINUTE);

        assertThat(DATABASE.value("SELECT counted_steps::text FROM task_processing WHERE task_id = '" + task + "'"))
                .isEqualTo("{[7,9)}");
    }

    /** Only the rejected record names the task. */
    @Test
    void rejectionOfAConcurrentlyDeletedTask_isNotStored() throws Exception {
        UUID blocked = UuidV7.at(TestRecords.START);
        UUID deleted = UuidV7.at(TestRecords.START.plusSeconds(1)); // locked after the other
        writer().write(List.of(message("sender", started(blocked), started(deleted))));

        Future<WriteResult> result = database().inTransaction(session -> {
            try (var statement = session.connection().createStatement()) {
                statement.execute("SELECT FROM tasks WHERE task_id = '" + blocked + "' FOR NO KEY UPDATE");
                DatabaseStepWriter writer = writer();
                Future<WriteResult> written = pool.submit(() ->
                        writer.write(List.of(message("sender", step(blocked, 1)), message("bob", step(deleted, 1)))));
                awaitWaiting(1);
                new TaskDeletion(database()).delete(deleted, "alice");
                return written;
            }
        });

        assertThat(result.get().steps()).isEqualTo(1);
        assertThat(result.get().dropped()).isEqualTo(1);
        assertThat(DATABASE.value("SELECT count(*) FROM rejected_messages WHERE task_id = '" + deleted + "'"))
                .isEqualTo("0");
    }

    private Database database() {
        Database database = DATABASE.database();
        opened.add(database);
        return database;
    }

    private DatabaseStepWriter writer() {
        return new DatabaseStepWriter(database());
    }

    /** Waits until this many sessions wait for locks. */
    private static void awaitWaiting(int count) {
        while (Integer.parseInt(DATABASE.value("SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted")) < count) {
            Thread.onSpinWait();
        }
    }

    private static long deadlocks() throws InterruptedException {
        // Postgres publishes the counts when a backend exits.
        while (!DATABASE.value(
                        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'active'")
                .equals("1")) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        return Long.parseLong(
                DATABASE.value("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"));
    }
}
