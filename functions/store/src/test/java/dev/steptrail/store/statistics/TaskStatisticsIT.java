package dev.steptrail.store.statistics;

import static dev.steptrail.store.TestRecords.START;
import static dev.steptrail.store.TestRecords.message;
import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static dev.steptrail.store.TestRecords.with;
import static dev.steptrail.store.TestRecords.withScreenshot;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.StepType;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.admin.AgentRepository;
import dev.steptrail.store.ingest.DatabaseStepWriter;
import dev.steptrail.store.insights.ChangedTaskProcessor;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.model.Agent;
import dev.steptrail.store.model.StoredStep;
import dev.steptrail.store.retention.TaskDeletion;
import dev.steptrail.store.statistics.StatisticsQuery.Filter;
import dev.steptrail.store.statistics.StatisticsQuery.Grouping;
import dev.steptrail.store.statistics.StatisticsQuery.StatsGroup;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TaskStatisticsIT {
    private static final LocalDate DAY = LocalDate.of(2026, 3, 1);
    private static final Map<String, Object> TAP = Map.of("action", "Tap", "element", List.of(1, 2));
    private static final Map<String, Object> BESIDE = Map.of("action", "Tap", "element", List.of(1, 3));

    private final TestDatabase database = TestDatabase.migrated();
    private final Database connection = database.database();
    private final UUID task = UuidV7.at(START);

    TaskStatisticsIT() {
        new AgentRepository(connection).register(new Agent("sender", "alice", List.of("bob")));
    }

    @Test
    void durations_areGroupedByTypeAndAction() {
        write(
                withScreenshot(step(task, 1), FrameRole.BEFORE, "screenshots/sender/" + task + "/a.webp"),
                withScreenshot(step(task, 2), FrameRole.AFTER, "screenshots/sender/" + task + "/b.webp"),
                step(task, 3),
                step(task, 5));
        rollUp();

        assertThat(groupRows(Grouping.DAY)).containsExactly("2026-03-01: 4, 200 500, 320 80 80, 0, 2 2000");
        assertThat(groupRows(Grouping.STEP_TYPE))
                .containsExactly("action: 3, 200 300, 240 80 80, 0, 2 2000", "error: 1, 500 500, 80 80 80, 0, 0 0");
        assertThat(groupRows(Grouping.ACTION))
                .containsExactly("Tap: 3, 300 500, 240 80 80, 0, 1 1000", "Wait: 1, 200 200, 80 80 80, 0, 1 1000");
    }

    @Test
    void stepThatRepeatsAFailedPredecessor_isARetry() {
        write(
                acting(1, TAP, false),
                acting(2, TAP, false),
                acting(3, TAP, true),
                acting(4, TAP, true),
                acting(5, BESIDE, false),
                acting(6, TAP, true),
                acting(7, null, false),
                acting(8, null, true),
                acting(10, BESIDE, false),
                acting(12, BESIDE, true));
        rollUp();

        assertThat(retries()).isEqualTo(2);
    }

    @Test
    void retry_isCountedOnce_inAnyOrderOfArrival() {
        write(acting(2, TAP, true));
        rollUp();
        assertThat(retries()).isZero();

        write(acting(1, TAP, false));
        rollUp();
        assertThat(retries()).isOne();

        write(acting(3, TAP, true), acting(4, BESIDE, false));
        rollUp();
        write(acting(5, BESIDE, true));
        rollUp();
        assertThat(retries()).isEqualTo(2);
    }

    @Test
    void measuredSteps_areNotCountedAgain_afterDeletionAndRestoreOfRows() {
        write(step(task, 1), step(task, 2));
        rollUp();
        database.execute("CREATE TABLE kept AS SELECT %s FROM task_steps".formatted(StoredStep.ROW.columns()));
        database.execute("DELETE FROM task_steps");
        write(step(task, 3));
        rollUp();
        assertThat(groupRows(Grouping.DAY)).containsExactly("2026-03-01: 3, 200 300, 240 80 80, 0, 0 0");

        database.execute("INSERT INTO task_steps (%1$s) SELECT %1$s FROM kept".formatted(StoredStep.ROW.columns()));
        write(step(task, 4));
        rollUp();
        assertThat(groupRows(Grouping.DAY)).containsExactly("2026-03-01: 4, 200 400, 320 80 80, 0, 0 0");
    }

    @Test
    void deletedTask_removesItsShare_andATransferredTaskMovesIt() {
        UUID other = UuidV7.at(START);
        write(started(task), step(task, 1), step(other, 2));
        rollUp();
        write(started(other, "bob"));
        new TaskDeletion(connection).delete(task, "alice");
        rollUp();

        assertThat(database.column(
                        "SELECT concat_ws(' ', owner, total_steps, total_duration_ms) FROM step_stats_daily"))
                .containsExactly("bob 1 200");
        assertThat(database.column("SELECT concat_ws(' ', owner, total_tasks) FROM task_totals_daily"))
                .containsExactly("bob 1");
        assertThat(database.column("SELECT task_id FROM task_stats_daily")).containsExactly(other.toString());
    }

    @Test
    void moreActionsThanABatch_areAllMeasuredAndAccumulated() {
        for (int from : new int[] {0, 600}) {
            write(IntStream.rangeClosed(1, 600)
                    .mapToObj(number -> acting(from + number, Map.of("action", "a" + number), true))
                    .toArray(StepRecord[]::new));
            rollUp();
        }

        assertThat(database.value(
                        "SELECT concat_ws(' ', count(*), min(total_steps), max(total_steps), sum(total_duration_ms))"
                                + " FROM action_stats_daily"))
                .isEqualTo("600 2 2 72060000");
    }

    private Step acting(int number, Map<String, Object> action, boolean success) {
        Step step = with(step(task, number), "timestamp", START.plusSeconds(1), "stepType", StepType.ACTION);
        return with(step, "action", action, "success", success, "errorMessage", null);
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

    private long retries() {
        return groups(Grouping.DAY).get(0).steps().retries();
    }

    private List<StatsGroup> groups(Grouping grouping) {
        return new StatisticsQuery(connection).groups(new Filter(null, DAY, DAY, null, null, null, null), grouping);
    }

    /** Rounds durations to three digits, because quantiles have an error of 1 %. */
    private List<String> groupRows(Grouping grouping) {
        return groups(grouping).stream().map(TaskStatisticsIT::groupRows).toList();
    }

    private static String groupRows(StatsGroup group) {
        StatsGroup.Steps steps = group.steps();
        return group.key() + ": " + steps.total() + ", " + times(steps.durations()) + ", " + steps.modelMs() + " "
                + times(steps.modelTimes()) + ", " + steps.retries() + ", " + steps.screenshots() + " "
                + steps.screenshotBytes();
    }

    private static String times(StatsGroup.Times times) {
        return rounded(times.p50()) + " " + rounded(times.p95());
    }

    private static long rounded(long millis) {
        return Math.round(millis / 10.0) * 10;
    }
}
