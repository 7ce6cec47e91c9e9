package dev.steptrail.store.retention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.jdbc.Database;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class MaintenanceRunsIT {
    private static final int RUNNERS = 8;
    private static final TestDatabase DATABASE = TestDatabase.migrated();

    @Test
    void concurrentStarts_oneRuns_andTheNextMayStartAfterItEnds() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(RUNNERS);
        CountDownLatch start = new CountDownLatch(1);
        List<Future<Optional<MaintenanceRuns.Started>>> started = new ArrayList<>();
        for (int runner = 0; runner < RUNNERS; runner++) {
            started.add(pool.submit(() -> {
                try (Database database = DATABASE.database()) {
                    database.check();
                    start.await();
                    return new MaintenanceRuns(database).begin("partitions", Duration.ZERO);
                }
            }));
        }
        start.countDown();
        List<Long> ids = new ArrayList<>();
        for (Future<Optional<MaintenanceRuns.Started>> one : started) {
            one.get().map(MaintenanceRuns.Started::id).ifPresent(ids::add);
        }
        pool.shutdown();
        assertThat(ids).hasSize(1);

        try (Database database = DATABASE.database()) {
            MaintenanceRuns runs = new MaintenanceRuns(database);
            assertThat(runs.begin("partitions", Duration.ZERO)).isEmpty();
            assertThat(runs.begin("retention", Duration.ZERO)).isPresent();
            new MaintenanceRuns(database).end(ids.get(0), "done", null, Map.of("made", 1));
            assertThat(runs.begin("partitions", Duration.ZERO)).isPresent();
        }
        assertThat(DATABASE.value(
                        "SELECT counts->>'made' FROM maintenance_runs WHERE kind = 'partitions' AND outcome = 'done'"))
                .isEqualTo("1");
    }

    @Test
    void nextRun_resumesAtTheLastPosition_andPausesWhenNothingIsLeft() {
        try (Database database = DATABASE.database()) {
            MaintenanceRuns runs = new MaintenanceRuns(database);
            Duration pause = Duration.ofDays(1);

            MaintenanceRuns.Started first = runs.begin("orphans", pause).orElseThrow();
            runs.end(first.id(), "timed_out", "here", Map.of());
            MaintenanceRuns.Started second = runs.begin("orphans", pause).orElseThrow();
            DATABASE.execute(
                    "UPDATE maintenance_runs SET started_at = now() - interval '17 min' WHERE id = " + second.id());
            MaintenanceRuns.Started third = runs.begin("orphans", pause).orElseThrow();
            runs.end(third.id(), "done", null, Map.of());

            assertThat(first.resumeAt()).isNull();
            assertThat(second.resumeAt()).isEqualTo("here");
            assertThat(third.resumeAt()).isEqualTo("here");
            assertThat(DATABASE.column("SELECT outcome FROM maintenance_runs WHERE kind = 'orphans' ORDER BY id"))
                    .containsExactly("timed_out", "failed", "done");
            assertThat(runs.begin("orphans", pause)).isEmpty();
            DATABASE.execute(
                    "UPDATE maintenance_runs SET ended_at = ended_at - interval '25 hours' WHERE kind = 'orphans'");
            assertThat(runs.begin("orphans", pause)).isPresent();
        }
    }

    @Test
    void oldRuns_areDeleted_exceptTheLastOfTheirKind() {
        DATABASE.execute("""
                INSERT INTO maintenance_runs (kind, started_at, ended_at, outcome, resume_at)
                SELECT 'rollup', now() - age, now() - age, 'timed_out', 'of ' || age
                  FROM unnest(ARRAY['900 days', '500 days']::interval[]) AS age
                """);
        try (Database database = DATABASE.database()) {
            MaintenanceRuns runs = new MaintenanceRuns(database);

            MaintenanceRuns.Started next = runs.begin("rollup", Duration.ZERO).orElseThrow();
            new MaintenanceRuns(database).end(next.id(), "done", null, Map.of());
            runs.begin("rollup", Duration.ZERO).orElseThrow();

            assertThat(next.resumeAt()).isEqualTo("of 500 days");
            assertThat(DATABASE.value("SELECT count(*) FROM maintenance_runs WHERE kind = 'rollup'"))
                    .isEqualTo("2");
        }
    }
}
