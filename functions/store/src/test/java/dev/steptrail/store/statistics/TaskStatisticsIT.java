package dev.steptrail.store.statistics;

import static dev.steptrail.store.TestMaintenance.rollUp;
import static dev.steptrail.store.TestRecords.START;
import static dev.steptrail.store.TestRecords.at;
import static dev.steptrail.store.TestRecords.ended;
import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static dev.steptrail.store.TestRecords.with;
import static dev.steptrail.store.TestRecords.withScreenshot;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.StepType;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.model.StoredStep;
import dev.steptrail.store.retention.IdleTaskFinalizer;
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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TaskStatisticsIT {
    private static final LocalDate DAY = LocalDate.of(2026, 3, 1);
    private static final Map<String, Object> TAP = Map.of("action", "Tap", "element", List.of(1, 2));
    private static final Map<String, Object> BESIDE = Map.of("action", "Tap", "element", List.of(1, 3));

    private static final TestDatabase DATABASE = TestDatabase.migrated().register("sender", "alice", "bob");
    private static final Database CONNECTION = DATABASE.database();

    private final UUID task = UuidV7.at(START);
    private final UUID other = UuidV7.at(START);

    @BeforeEach
    void clear() {
        DATABASE.clear();
    }

    @Test
    void durations_areGroupedByTypeAndAction() {
        DATABASE.write(
                withScreenshot(step(task, 1), FrameRole.BEFORE, "screenshots/sender/" + task + "/a.webp"),
                withScreenshot(step(task, 2), FrameRole.AFTER, "screenshots/sender/" + task + "/b.webp"),
                step(task, 3),
                step(task, 5));
        rollUp(CONNECTION);

        assertThat(stepRows(Grouping.DAY)).containsExactly("2026-03-01: 4, 200 500, 320 80 80, 0, 2 2000");
        assertThat(stepRows(Grouping.STEP_TYPE))
                .containsExactly("action: 3, 200 300, 240 80 80, 0, 2 2000", "error: 1, 500 500, 80 80 80, 0, 0 0");
        assertThat(stepRows(Grouping.ACTION))
                .containsExactly("Tap: 3, 300 500, 240 80 80, 0, 1 1000", "Wait: 1, 200 200, 80 80 80, 0, 1 1000");
    }

    @Test
    void stepThatRepeatsAFailedPredecessor_isARetry() {
        DATABASE.write(
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
        rollUp(CONNECTION);

        assertThat(retries()).isEqualTo(2);
    }

    @Test
    void retry_isCountedOnce_inAnyOrderOfArrival() {
        DATABASE.write(acting(2, TAP, true));
        rollUp(CONNECTION);
        assertThat(retries()).isZero();

        DATABASE.write(acting(1, TAP, false));
        rollUp(CONNECTION);
        assertThat(retries()).isOne();

        DATABASE.write(acting(3, TAP, true), acting(4, BESIDE, false));
        rollUp(CONNECTION);
        DATABASE.write(acting(5, BESIDE, true));
        rollUp(CONNECTION);
        assertThat(retries()).isEqualTo(2);
    }

    @Test
    void measuredSteps_areNotCountedAgain_afterDeletionAndRestoreOfRows() {
        DATABASE.write(step(task, 1), step(task, 2));
        rollUp(CONNECTION);
        DATABASE.execute("CREATE TABLE kept AS SELECT %s FROM task_steps".formatted(StoredStep.ROW.columns()));
        DATABASE.execute("DELETE FROM task_steps");
        DATABASE.write(step(task, 3));
        rollUp(CONNECTION);
        assertThat(stepRows(Grouping.DAY)).containsExactly("2026-03-01: 3, 200 300, 240 80 80, 0, 0 0");

        DATABASE.execute("INSERT INTO task_steps (%1$s) SELECT %1$s FROM kept".formatted(StoredStep.ROW.columns()));
        DATABASE.write(step(task, 4));
        rollUp(CONNECTION);
        assertThat(stepRows(Grouping.DAY)).containsExactly("2026-03-01: 4, 200 400, 320 80 80, 0, 0 0");
    }

    @Test
    void deletedTask_removesItsShare_andATransferredTaskMovesIt() {
        DATABASE.write(started(task), step(task, 1), step(other, 2));
        rollUp(CONNECTION);
        DATABASE.write(started(other, "bob"));
        new TaskDeletion(CONNECTION).delete(task, "alice");
        rollUp(CONNECTION);

        assertThat(DATABASE.column(
                        "SELECT concat_ws(' ', owner, total_steps, total_duration_ms) FROM step_stats_daily"))
                .containsExactly("bob 1 200");
        assertThat(DATABASE.column("SELECT concat_ws(' ', owner, total_tasks) FROM task_totals_daily"))
                .containsExactly("bob 1");
        assertThat(DATABASE.column("SELECT task_id FROM task_stats_daily")).containsExactly(other.toString());
    }

    @Test
    void moreActionsThanABatch_areAllMeasuredAndAccumulated() {
        for (int from : new int[] {0, 600}) {
            DATABASE.write(IntStream.rangeClosed(1, 600)
                    .mapToObj(number -> acting(from + number, Map.of("action", "a" + number), true))
                    .toArray(StepRecord[]::new));
            rollUp(CONNECTION);
        }

        assertThat(DATABASE.value(
                        "SELECT concat_ws(' ', count(*), min(total_steps), max(total_steps), sum(total_duration_ms))"
                                + " FROM action_stats_daily"))
                .isEqualTo("600 2 2 72060000");
    }

    private Step acting(int number, Map<String, Object> action, boolean success) {
        Step step = with(step(task, number), "timestamp", START.plusSeconds(1), "stepType", StepType.ACTION);
        return with(step, "action", action, "success", success, "errorMessage", null);
    }

    private long retries() {
        return groups(Grouping.DAY).get(0).steps().retries();
    }

    private List<StatsGroup> groups(Grouping grouping) {
        return groups(grouping, null);
    }

    private List<StatsGroup> groups(Grouping grouping, @Nullable String stepType) {
        return new StatisticsQuery(CONNECTION).groups(new Filter(null, DAY, DAY, null, null, null, stepType), grouping);
    }

    /** Rounds durations to three digits, because quantiles have an error of 1 %. */
    private List<String> stepRows(Grouping grouping) {
        return groups(grouping).stream().map(TaskStatisticsIT::stepRows).toList();
    }

    private static String stepRows(StatsGroup group) {
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

    @Test
    void tasks_areCountedByEndReason_orElseByStatus() {
        DATABASE.write(started(task), step(task, 1), step(task, 2), ended(task, TaskStatus.SUCCEEDED, 60));
        DATABASE.write(started(other), step(other, 1));
        rollUp(CONNECTION);

        assertThat(taskRows(Grouping.DAY)).containsExactly("2026-03-01 2 {finished=1, running=1} 1.0 1.5 60 60");
        assertThat(taskRows(Grouping.AGENT)).containsExactly("demo-agent 2 {finished=1, running=1} 1.0 1.5 60 60");
        assertThat(taskRows(Grouping.STEP_TYPE)).containsExactly("action null");
        assertThat(taskRows(Grouping.ACTION)).containsExactly("Tap null", "Wait null");
        DATABASE.execute("UPDATE tasks SET received_at = now(), end_reason = 'max_steps' WHERE status = 'succeeded'");
        rollUp(CONNECTION);
        assertThat(taskRows(Grouping.DEVICE_ID)).containsExactly("phone-1 2 {max_steps=1, running=1} 1.0 1.5 60 60");
    }

    @Test
    void abandonedTask_isCountedAsAbandoned_andAsRunningAgainWhenItResumes() {
        DATABASE.write(started(task), step(task, 10));
        rollUp(CONNECTION);
        DATABASE.execute("UPDATE tasks SET received_at = now() - interval '7 hours'");
        rollUp(CONNECTION);
        assertThat(taskRows(Grouping.DAY)).containsExactly("2026-03-01 1 {running=1} null 1.0 null null");

        new IdleTaskFinalizer(CONNECTION).abandon(10, Duration.ofMinutes(1));
        rollUp(CONNECTION);
        assertThat(taskRows(Grouping.DAY)).containsExactly("2026-03-01 1 {abandoned=1} 0.0 1.0 10 10");

        DATABASE.write(step(task, 11));
        rollUp(CONNECTION);
        assertThat(taskRows(Grouping.DAY)).containsExactly("2026-03-01 1 {running=1} null 2.0 null null");
    }

    @Test
    void task_isCountedOnItsStartDay_andMovesWhenTheStartArrivesLate() {
        DATABASE.write(at(START.plus(Duration.ofDays(1)), step(task, 1)));
        rollUp(CONNECTION);
        assertThat(DATABASE.column("SELECT day FROM task_totals_daily")).containsExactly("2026-03-02");

        DATABASE.write(started(task));
        rollUp(CONNECTION);

        assertThat(DATABASE.column("SELECT day FROM task_totals_daily")).containsExactly("2026-03-01");
        assertThat(taskRows(Grouping.DAY)).containsExactly("2026-03-01 1 {running=1} null 1.0 null null");
    }

    @Test
    void taskWithoutSteps_isCounted_exceptWithAFilterByStepType() {
        DATABASE.write(started(task), ended(task, TaskStatus.CANCELLED, 0));
        rollUp(CONNECTION);

        assertThat(taskRows(Grouping.MODEL)).containsExactly("glm 1 {cancelled=1} 0.0 0.0 0 0");
        DATABASE.write(step(other, 1));
        rollUp(CONNECTION);
        assertThat(groups(Grouping.DAY, "action")).singleElement().satisfies(group -> assertThat(group.tasks())
                .isNull());
    }

    /** Returns durations in seconds, because they are not exact. */
    private List<String> taskRows(Grouping grouping) {
        return groups(grouping).stream().map(TaskStatisticsIT::taskRows).toList();
    }

    private static String taskRows(StatsGroup group) {
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
