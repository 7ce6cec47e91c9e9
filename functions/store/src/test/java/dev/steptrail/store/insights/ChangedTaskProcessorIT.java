package dev.steptrail.store.insights;

import static dev.steptrail.store.TestMaintenance.LIMIT;
import static dev.steptrail.store.TestRecords.START;
import static dev.steptrail.store.TestRecords.at;
import static dev.steptrail.store.TestRecords.ended;
import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static dev.steptrail.store.TestRecords.withScreenshot;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Losses;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.stepformat.VerdictValue.Label;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.TestMaintenance;
import dev.steptrail.store.insights.ChangedTaskProcessor.ProcessingResult;
import dev.steptrail.store.insights.DataProblem.FindingChanges;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.judgements.NoteRepository;
import dev.steptrail.store.judgements.TagRepository;
import dev.steptrail.store.judgements.VerdictRepository;
import dev.steptrail.store.judgements.VerdictRepository.NewVerdict;
import dev.steptrail.store.statistics.DailyStatistics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChangedTaskProcessorIT {
    private static final TestDatabase DATABASE = TestDatabase.migrated().register("sender", "alice");
    private static final Database CONNECTION = DATABASE.database();

    private final ChangedTaskProcessor processor = new ChangedTaskProcessor(CONNECTION);
    private final UUID task = UuidV7.at(START);

    @BeforeEach
    void processTasksOfOtherTests() {
        TestMaintenance.processChangedTasks(CONNECTION);
    }

    @Test
    void rejectionDuringTheDeletionOfItsTask_isDeleted() {
        DATABASE.write(step(task, 1));
        DATABASE.execute("UPDATE tasks SET status = 'deleted', deleted_at = now() WHERE task_id = '" + task + "'");
        DATABASE.execute("INSERT INTO rejected_messages (sender_id, task_id, reason, body, fingerprint)"
                + " VALUES ('sender', '" + task + "', 'conflict', 'x', '" + task + "')");

        some();

        assertThat(DATABASE.column("SELECT id FROM rejected_messages WHERE task_id = '" + task + "'"))
                .isEmpty();
    }

    @Test
    void missingNumber_isAGap_untilItsStepArrives() {
        DATABASE.write(step(task, 1), step(task, 4), ended(task, TaskStatus.SUCCEEDED, 5));

        assertThat(some()).contains(processed(1, 2, 1, 0, 0, 0));
        assertThat(findings()).containsExactly("gap {2,3,5} {\"total\": 3, \"dropped_steps\": 0}");

        DATABASE.write(step(task, 3));
        assertThat(some()).contains(processed(1, 1, 1, 0, 0, 0));
        assertThat(findings()).containsExactly("gap {2,5} {\"total\": 2, \"dropped_steps\": 0}");

        DATABASE.write(step(task, 2), step(task, 5));
        assertThat(some()).contains(processed(1, 2, 0, 1, 0, 0));
        assertThat(findings()).isEmpty();
    }

    @Test
    void droppedSteps_areReportedWithTheGap() {
        DATABASE.write(step(task, 3), new Losses(task, START, Map.of("queue_full", 1L), Map.of(), Map.of()));

        some();

        assertThat(findings()).containsExactly("gap {1,2} {\"total\": 2, \"dropped_steps\": 1}");
    }

    @Test
    void processingAnUnchangedFinding_doesNotUpdateIt() {
        DATABASE.write(step(task, 2));
        some();
        String before = DATABASE.value("SELECT xmin FROM findings WHERE task_id = '" + task + "'");

        DATABASE.write(step(task, 3));

        assertThat(some()).contains(processed(1, 1, 0, 0, 0, 0));
        assertThat(DATABASE.value("SELECT xmin FROM findings WHERE task_id = '" + task + "'"))
                .isEqualTo(before);
        assertThat(some()).isEmpty();
    }

    @Test
    void hugeGap_isListedPartially_andCountedCompletely() {
        DATABASE.write(step(task, 2), ended(task, TaskStatus.FAILED, Integer.MAX_VALUE));

        some();

        assertThat(DATABASE.value(
                        "SELECT concat_ws(' ', cardinality(steps), steps[1], steps[2], steps[1000], detail->'total')"
                                + " FROM findings WHERE kind = 'gap' AND task_id = '" + task + "'"))
                .isEqualTo("1000 1 3 1001 2147483646");
    }

    @Test
    void stepWithAnEarlierTimeThanItsPredecessor_isAClockFinding_untilAStepBetweenExplainsIt() {
        DATABASE.write(
                at(START.plusSeconds(10), step(task, 1)), at(START.plusMillis(9500), step(task, 3)), step(task, 20));

        assertThat(some()).contains(processed(1, 3, 1, 0, 1, 0));
        assertThat(findings()).anySatisfy(finding -> assertThat(finding)
                .isEqualTo("clock_backwards {3} {\"total\": 1, \"largest_ms\": 500}"));

        DATABASE.write(at(START.plusSeconds(9), step(task, 2)));
        assertThat(some()).contains(processed(1, 1, 1, 0, 1, 0));
        assertThat(findings()).anySatisfy(finding -> assertThat(finding)
                .isEqualTo("clock_backwards {2} {\"total\": 1, \"largest_ms\": 1000}"));
    }

    @Test
    void clockThatJumpsBackOften_isListedPartially_andCountedCompletely() {
        StepRecord[] steps = IntStream.rangeClosed(1, 1201)
                .mapToObj(number -> at(START.minusSeconds(number), step(task, number)))
                .toArray(StepRecord[]::new);
        DATABASE.write(steps);

        some();

        assertThat(DATABASE.value("SELECT concat_ws(' ', cardinality(steps), steps[1], detail->'total')"
                        + " FROM findings WHERE task_id = '" + task + "'"))
                .isEqualTo("1000 2 1200");
    }

    @Test
    void archivedTask_keepsItsFindings_andALateStepClosesItsGap() {
        DATABASE.write(step(task, 1), step(task, 3), at(START, step(task, 4)));
        some();
        DATABASE.execute("DELETE FROM task_steps WHERE task_id = '" + task + "'");
        DATABASE.execute("UPDATE tasks SET status = 'archived' WHERE task_id = '" + task + "'");

        DATABASE.write(step(task, 6));
        some();
        assertThat(findings())
                .containsExactly(
                        "clock_backwards {4} {\"total\": 1, \"largest_ms\": 3000}",
                        "gap {2,5} {\"total\": 2, \"dropped_steps\": 0}");

        DATABASE.write(step(task, 2), step(task, 5));
        some();
        assertThat(findings()).containsExactly("clock_backwards {4} {\"total\": 1, \"largest_ms\": 3000}");
    }

    @Test
    void screenshotsWithoutAStep_areAFinding_untilTheStepArrives() {
        DATABASE.write(withScreenshot(step(task, 1), FrameRole.BEFORE, "screenshots/sender/" + task + "/a.webp"));
        some();
        assertThat(findings()).isEmpty();

        DATABASE.execute("DELETE FROM task_steps WHERE task_id = '" + task + "'");
        DATABASE.write(step(task, 2));
        assertThat(some().orElseThrow().problems())
                .containsEntry(DataProblem.SCREENSHOT_WITHOUT_STEP, new FindingChanges(1, 0));
        assertThat(findings()).contains("screenshot_without_step {1} {\"total\": 1}");

        DATABASE.execute("DELETE FROM step_screenshots WHERE task_id = '" + task + "'");
        DATABASE.write(step(task, 3));
        assertThat(some().orElseThrow().problems())
                .containsEntry(DataProblem.SCREENSHOT_WITHOUT_STEP, new FindingChanges(0, 1));
        assertThat(findings()).isEmpty();
    }

    @Test
    void aDeletedTask_hasNoFindings() {
        DATABASE.write(step(task, 3), at(START, step(task, 4)));
        some();
        DATABASE.execute("DELETE FROM task_steps WHERE task_id = '" + task + "'");
        DATABASE.execute("UPDATE tasks SET status = 'deleted', deleted_at = now() WHERE task_id = '" + task + "'");

        assertThat(some()).contains(processed(1, 0, 0, 1, 0, 1));

        assertThat(findings()).isEmpty();
    }

    @Test
    void changesOfATransactionStartedBeforeTheLastCall_areProcessedByTheNext() {
        DATABASE.write(step(task, 1));
        some();
        try (Database slow = DATABASE.database()) {
            slow.inTransaction(session -> {
                session.execute("UPDATE tasks SET received_at = now() WHERE task_id = '" + task + "'");
                DATABASE.write(step(UuidV7.at(START), 1));
                assertThat(some()).contains(processed(1, 1, 0, 0, 0, 0));
                return null;
            });
        }

        assertThat(some()).contains(processed(1, 0, 0, 0, 0, 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"received_at", "judged_at"})
    void everyChangeAfterTheClockWasSetBack_isProcessed(String latest) {
        DATABASE.write(started(task), step(task, 1));
        VerdictRepository verdicts = new VerdictRepository(CONNECTION);
        NewVerdict fail = new NewVerdict("success", Label.FAIL, null, null, null);
        List<Runnable> changes = List.of(
                () -> verdicts.set(task, fail, "ann"),
                () -> new TagRepository(CONNECTION).add(task, "nightly", "ann"),
                () -> new NoteRepository(CONNECTION).add(task, 1, "text", "ann"),
                () -> DATABASE.write(step(task, 2)),
                () -> DATABASE.write(new Losses(task, START, Map.of("queue_full", 1L), Map.of(), Map.of())),
                () -> DATABASE.write(ended(task, TaskStatus.SUCCEEDED, 2)));

        DATABASE.execute(
                "UPDATE tasks SET " + latest + " = now() + interval '1 minute' WHERE task_id = '" + task + "'");
        some();
        for (int i = 0; i < changes.size(); i++) {
            changes.get(i).run();
            assertThat(some()).as("change %d", i).isPresent();
        }
    }

    @Test
    void dayBeingRebuilt_blocksMarking_andIsMarkedAgain() throws Exception {
        DATABASE.write(step(task, 1));
        some();
        DATABASE.write(step(task, 2));

        assertThat(DATABASE.callDuring("DELETE FROM stale_days", this::some)).isPresent();

        assertThat(DATABASE.column("SELECT day FROM stale_days")).containsExactly("2026-03-01");
    }

    @Test
    void dayBeingMarked_isRebuiltOnceItsStepsAreVisible() throws Exception {
        DATABASE.write(step(task, 1));
        some();
        try (Database rebuilding = DATABASE.database()) {
            DATABASE.callDuring(
                    session -> {
                        session.execute("UPDATE task_stats_daily SET total_steps = 7 WHERE task_id = '" + task + "'");
                        DailyStatistics.markStaleDays(session, List.of(task));
                        return true;
                    },
                    () -> new DailyStatistics(rebuilding).rebuild(100, LIMIT),
                    () -> {});
        }

        assertThat(DATABASE.value("SELECT sum(total_steps) FROM step_stats_daily"))
                .isEqualTo(DATABASE.value("SELECT sum(total_steps) FROM task_stats_daily"));
    }

    private Optional<ProcessingResult> some() {
        return processor.processNext(100, LIMIT);
    }

    private static ProcessingResult processed(
            long tasks, long steps, long gapsMarked, long gapsCleared, long clocksMarked, long clocksCleared) {
        return new ProcessingResult(
                tasks,
                steps,
                Map.of(
                        DataProblem.GAP, new FindingChanges(gapsMarked, gapsCleared),
                        DataProblem.CLOCK_BACKWARDS, new FindingChanges(clocksMarked, clocksCleared),
                        DataProblem.SCREENSHOT_WITHOUT_STEP, new FindingChanges(0, 0)));
    }

    private List<String> findings() {
        return DATABASE.column("SELECT concat_ws(' ', kind, steps, detail) FROM findings WHERE task_id = '" + task
                + "' ORDER BY kind");
    }
}
