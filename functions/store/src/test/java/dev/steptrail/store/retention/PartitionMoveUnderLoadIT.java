package dev.steptrail.store.retention;

import static dev.steptrail.store.TestRecords.message;
import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static dev.steptrail.store.TestRecords.withScreenshot;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.ingest.DatabaseStepWriter;
import dev.steptrail.store.ingest.ReceivedMessage;
import dev.steptrail.store.ingest.WriteResult;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.model.StoredStep;
import dev.steptrail.store.query.StepRepository;
import dev.steptrail.store.query.StepRepository.StepFilter;
import dev.steptrail.store.retention.PartitionRepository.MonthPartition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Months are created while their tasks are written and read. */
@Tag("slow")
class PartitionMoveUnderLoadIT {
    private static final int FIRST_STEPS = 30;
    private static final TestDatabase DATABASE = TestDatabase.migrated().register("sender", "alice");

    /** One task per month, for three years. */
    private static final List<UUID> TASKS = IntStream.range(0, 36)
            .mapToObj(month ->
                    UuidV7.at(Instant.parse("%d-%02d-15T12:00:00Z".formatted(2016 + month / 12, month % 12 + 1))))
            .toList();

    private final AtomicInteger written = new AtomicInteger();
    private final AtomicBoolean over = new AtomicBoolean();

    @Test
    void readsAreCompleteAndWritesSucceed_whileRowsMoveOutOfDefault() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(3);
        try (Database writing = DATABASE.database();
                Database making = DATABASE.database()) {
            while (written.get() < FIRST_STEPS) {
                writeNext(writing);
            }
            Future<?> writer = pool.submit(() -> {
                while (!over.get()) {
                    writeNext(writing);
                }
            });
            List<Future<Integer>> readers = List.of(pool.submit(this::readAll), pool.submit(this::readAll));

            List<MonthPartition> months = new PartitionRepository(making).findMissing();
            for (MonthPartition month : months) {
                assertThat(new PartitionRepository(making).create(month, Duration.ofMinutes(1)))
                        .isPresent();
            }
            over.set(true);

            writer.get();
            for (Future<Integer> reader : readers) {
                assertThat(reader.get()).isPositive();
            }
            assertThat(months).hasSize(2 * TASKS.size());
        } finally {
            over.set(true);
            pool.shutdown();
        }

        assertThat(DATABASE.count("task_steps_default")).isZero();
        assertThat(DATABASE.count("step_screenshots_default")).isZero();
        assertThat(DATABASE.count("rejected_messages")).isZero();
        assertThat(DATABASE.column("SELECT total_steps FROM tasks WHERE total_steps <> " + written))
                .isEmpty();
        assertThat(DATABASE.column("""
                SELECT task_id
                  FROM tasks AS t
                 WHERE total_steps <> (SELECT count(*) FROM task_steps AS s WHERE s.task_id = t.task_id)
                    OR total_steps <> (SELECT count(*) FROM step_screenshots AS p WHERE p.task_id = t.task_id)
                """)).isEmpty();
        assertThat(DATABASE.deadlocks()).isZero();
    }

    /** Writes one more step per task, and every other time an update of one task, so that both kinds of locks occur. */
    private void writeNext(Database database) {
        int number = written.get() + 1;
        List<ReceivedMessage> batch = new ArrayList<>();
        for (UUID task : TASKS) {
            String key = "screenshots/sender/" + task + "/" + number + ".webp";
            batch.add(message("sender", withScreenshot(step(task, number), FrameRole.BEFORE, key)));
        }
        if (number == 1) {
            TASKS.forEach(task -> batch.add(message("sender", started(task))));
        } else if (number % 2 == 0) {
            batch.add(message("sender", started(TASKS.get(0))));
        }
        WriteResult result = new DatabaseStepWriter(database).write(batch);
        assertThat(result).isEqualTo(new WriteResult(TASKS.size(), 0, 0, 0, 0));
        written.set(number);
    }

    private int readAll() {
        int reads = 0;
        try (Database database = DATABASE.database()) {
            StepRepository list = new StepRepository(database);
            while (!over.get()) {
                int known = written.get();
                UUID task = TASKS.get(reads++ % TASKS.size());
                List<StoredStep> last = list.page(task, StepFilter.ALL, false, known + 1, FIRST_STEPS)
                        .items();
                assertThat(last).extracting(StoredStep::stepNumber).startsWith(known);
                assertThat(last).hasSize(FIRST_STEPS).allSatisfy(step -> assertThat(step.screenshots())
                        .hasSize(1));
            }
        }
        return reads;
    }
}
