package dev.steptrail.store.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.TestRecords;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

class DurationValuesMigrationIT {
    @Test
    void migrate_readsTheDurationsOfCountedSteps_andMarksTheirDayAsStale() {
        TestDatabase database = TestDatabase.empty();
        migrate(database, "8");
        UUID task = UuidV7.at(TestRecords.START);
        database.execute("""
                INSERT INTO tasks (task_id, owner, started_at) VALUES ('%1$s', 'alice', '2026-03-01');
                INSERT INTO task_steps (task_id, step_number, step_type, step_data, duration_ms, created_at)
                VALUES ('%1$s', 1, 'action', '{"timings":{"model_ms":7}}', 5, '2026-03-01'),
                       ('%1$s', 2, 'action', '{}', 9, '2026-03-01');
                INSERT INTO task_processing (task_id, changed_at, counted_steps) VALUES ('%1$s', now(), '{[1,2)}');
                INSERT INTO task_stats_daily
                VALUES ('%1$s', '2026-03-01', 'action', '', 1, 0, 0, 5, 7, 0, 0, 0, 0, 0, 0, 0, '\\x0102', '\\x0304'),
                       ('%1$s', '2026-02-01', 'archived', '', 1, 0, 0, 5, 7, 0, 0, 0, 0, 0, 0, 0, '\\x0102', NULL)
                """.formatted(task));

        migrate(database, "latest");

        assertThat(
                        database.column(
                                "SELECT concat_ws(' ', step_type, total_steps, durations = substring(float4send(5) FROM 1 FOR 2),"
                                        + " model_times = substring(float4send(7) FROM 1 FOR 2)) FROM task_stats_daily ORDER BY 1"))
                .containsExactly("action 1 t t", "archived 1 f f");
        assertThat(database.column("SELECT length(durations) FROM task_stats_daily ORDER BY 1"))
                .containsExactly("0", "2");
        assertThat(database.column("SELECT day FROM stale_days ORDER BY 1"))
                .containsExactly("2026-02-01", "2026-03-01");
    }

    private static void migrate(TestDatabase database, String target) {
        Flyway.configure()
                .dataSource(database.settings().get("STEPTRAIL_DATABASE_URL"), "postgres", "postgres")
                .target(target)
                .group(true)
                .load()
                .migrate();
    }
}
