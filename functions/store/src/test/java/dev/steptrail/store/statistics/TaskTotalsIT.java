package dev.steptrail.store.statistics;

import static dev.steptrail.store.TestRecords.START;
import static dev.steptrail.store.TestRecords.at;
import static dev.steptrail.store.TestRecords.ended;
import static dev.steptrail.store.TestRecords.message;
import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.admin.AgentRepository;
import dev.steptrail.store.ingest.DatabaseStepWriter;
import dev.steptrail.store.insights.ChangedTaskProcessor;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.model.Agent;
import dev.steptrail.store.retention.IdleTaskFinalizer;
import dev.steptrail.store.statistics.StatisticsQuery.Filter;
import dev.steptrail.store.statistics.StatisticsQuery.Grouping;
import dev.steptrail.store.statistics.StatisticsQuery.StatsGroup;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TaskTotalsIT {
    private static final LocalDate DAY = LocalDate.of(2026, 3, 1);

    private final TestDatabase database = TestDatabase.migrated();
    private final Database connection = database.database();
    private final UUID task = UuidV7.at(START);
    private final UUID other = UuidV7.at(START);

    TaskTotalsIT() {
        new AgentRepository(connection).register(new Agent("sender", "alice", List.of()));
    }

    @Test
    void tasks_areCountedByEndReason_orElseByStatus() {
        write(started(task), step(task, 1), step(task, 2), ended(task, TaskStatus.SUCCEEDED, 60));
        write(started(other), step(other, 1));
        rollUp();

        assertThat(groupRows(Grouping.DAY)).containsExactly("2026-03-01 2 {finished=1, running=1} 1.0 1.5 60 60");
        assertThat(groupRows(Grouping.AGENT)).containsExactly("demo-agent 2 {finished=1, running=1} 1.0 1.5 60 60");
        assertThat(groupRows(Grouping.STEP_TYPE)).containsExactly("action null");
        assertThat(groupRows(Grouping.ACTION)).containsExactly("Tap null", "Wait null");
        database.execute("UPDATE tasks SET received_at = now(), end_reason = 'max_steps' WHERE status = 'succeeded'");
        rollUp();
        assertThat(groupRows(Grouping.DEVICE_ID)).containsExactly("phone-1 2 {max_steps=1, running=1} 1.0 1.5 60 60");
    }

    @Test
    void abandonedTask_isCountedAsAbandoned_andAsRunningAgainWhenItResumes() {
        write(started(task), step(task, 10));
        rollUp();
        database.execute("UPDATE tasks SET received_at = now() - interval '7 hours'");
        rollUp();
        assertThat(groupRows(Grouping.DAY)).containsExactly("2026-03-01 1 {running=1} null 1.0 null null");

        new IdleTaskFinalizer(connection).abandon(10, Duration.ofMinutes(1));
        rollUp();
        assertThat(groupRows(Grouping.DAY)).containsExactly("2026-03-01 1 {abandoned=1} 0.0 1.0 10 10");

        write(step(task, 11));
        rollUp();
        assertThat(groupRows(Grouping.DAY)).containsExactly("2026-03-01 1 {running=1} null 2.0 null null");
    }

    @Test
    void archivedTask_isCountedByItsEndReason() {
        write(started(task), step(task, 1), ended(task, TaskStatus.FAILED, 1));
        rollUp();
        database.execute("UPDATE tasks SET archived_status = status, status = 'archived', received_at = now()");
        rollUp();

        assertThat(groupRows(Grouping.DAY)).containsExactly("2026-03-01 1 {ended_without_finish=1} 0.0 1.0 1 1");
    }

    @Test
    void task_isCountedOnItsStartDay_andMovesWhenTheStartArrivesLate() {
        write(at(START.plus(Duration.ofDays(1)), step(task, 1)));
        rollUp();
        assertThat(days()).containsExactly("2026-03-02 1");

        write(started(task));
        rollUp();

        assertThat(days()).containsExactly("2026-03-01 1");
        assertThat(groupRows(Grouping.DAY)).containsExactly("2026-03-01 1 {running=1} null 1.0 null null");
    }

    @Test
    void taskWithoutSteps_isCounted() {
        write(started(task), ended(task, TaskStatus.CANCELLED, 0));
        rollUp();

        assertThat(groupRows(Grouping.MODEL)).containsExactly("glm 1 {cancelled=1} 0.0 0.0 0 0");
    }

    @Test
    void filterByStepType_returnsNoTasks() {
        write(step(task, 1));
        rollUp();

        assertThat(groups(Grouping.DAY, "action")).singleElement().satisfies(group -> assertThat(group.tasks())
                .isNull());
    }

    private void write(StepRecord... records) {
        new DatabaseStepWriter(connection).write(List.of(message("sender", records)));
    }

    private void rollUp() {
        while (new ChangedTaskProcessor(connection)
                .processNext(100, Duration.ofMinutes(1))
                .isPresent()) {
            // until no changed task is left
        }
        while (new DailyStatistics(connection).rebuild(2, Duration.ofMinutes(1)).isPresent()) {
            // until no day is stale
        }
    }

    private List<String> days() {
        return database.column("SELECT day || ' ' || total_tasks FROM task_totals_daily ORDER BY day");
    }

    private List<StatsGroup> groups(Grouping grouping, String type) {
        return new StatisticsQuery(connection).groups(new Filter(null, DAY, DAY, null, null, null, type), grouping);
    }

    /** Returns durations in seconds, because they are not exact. */
    private List<String> groupRows(Grouping grouping) {
        return groups(grouping, null).stream().map(TaskTotalsIT::groupRows).toList();
    }

    private static String groupRows(StatsGroup group) {
        StatsGroup.Tasks tasks = group.tasks();
        return group.key()
                + (tasks == null
                        ? " null"
                        : " " + tasks.total() + " " + tasks.byEndReason() + " " + tasks.passRate() + " "
                                + tasks.stepsPerTask() + " "
                                + seconds(tasks.durations().p50()) + " "
                                + seconds(tasks.durations().p95()));
    }

    private static Long seconds(Long millis) {
        return millis == null ? null : Long.valueOf(Math.round(millis / 1000.0));
    }
}
