package dev.steptrail.cli.phone.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.cli.phone.suite.SuiteJournal.TaskKey;
import dev.steptrail.phone.autoglm.RunOutcome;
import dev.steptrail.stepformat.ExperimentCase;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.stepformat.Verdict;
import dev.steptrail.stepformat.VerdictValue.Label;
import dev.steptrail.tracker.TaskInfo;
import dev.steptrail.tracker.TrackedTask;
import dev.steptrail.tracker.internal.outbox.TaskWriter;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class InterruptedTasksTest extends SuiteTestBase {
    private static final String SUITE = "cases: [{id: x, instruction: i}]";
    private static final TaskKey KEY = new TaskKey("x", 1, null);

    private void complete(String yaml) throws IOException {
        new InterruptedTasks(recording(suite(yaml))).complete();
    }

    private TrackedTask start(boolean finished) throws Exception {
        TrackedTask task = tracker.startTask(TaskInfo.of("i").inExperiment("nightly", "x", 1));
        journal.started(KEY, "digest", task.id());
        if (finished) {
            journal.finished(new TaskResult(
                    task.id(), "a", RunOutcome.SUCCEEDED, 1, Duration.ofSeconds(1), "It is done.", null, null, null));
        }
        return task;
    }

    @Test
    void finishedTask_whoseEndIsRecorded_hasEnded() throws Exception {
        start(true).succeeded("It is done.");

        complete(SUITE);

        assertThat(journal.ended()).hasSize(1);
        assertThat(verdicts()).isEmpty();
    }

    @Test
    void finishedTask_whoseEndIsNotRecorded_isRunAgain() throws Exception {
        start(true);

        complete(SUITE);

        assertThat(journal.ended()).isEmpty();
        assertThat(verdicts()).singleElement().satisfies(verdict -> assertThat(verdict.value())
                .isEqualTo(Label.UNCLEAR));
    }

    @Test
    void openTasks_whoseVerdictsAreLost_remainOpenInTheJournal() throws Exception {
        start(true).succeeded("It is done.");
        start(false).cancelled("interrupted");
        tracker.close();

        for (String evaluator : List.of("", ", evaluator: {command: sh judge.sh, name: judge, version: 1}")) {
            assertThatThrownBy(() -> complete("cases: [{id: x, instruction: i" + evaluator + "}]"))
                    .hasMessageMatching("the verdict on task .* could not be recorded");
        }
        assertThat(journal.open()).as("of the second task").hasSize(1);
    }

    @Test
    void finishedTask_thatWasDelivered_hasEnded() throws Exception {
        TrackedTask task = start(true);
        task.succeeded("It is done.");
        outbox.task(task.id()).orElseThrow().remove();

        complete(SUITE);

        assertThat(journal.ended()).hasSize(1);
    }

    @Test
    void startedTask_thatWasDelivered_isRunAgain() throws Exception {
        start(false).cancelled("interrupted");

        complete(SUITE);

        assertThat(journal.ended()).isEmpty();
        assertThat(journal.open()).isEmpty();
    }

    @Test
    void tasksUnknownToTheJournal_areMarked_unlessTheyAreRunning() throws Exception {
        TrackedTask running = tracker.startTask(TaskInfo.of("i").inExperiment("nightly", "x", 1));
        TrackedTask other = tracker.startTask(TaskInfo.of("i").inExperiment("other", "x", 1));
        UUID killed = UuidV7.at(Instant.now());
        try (TaskWriter writer = outbox.newTask(killed)) { // closed without an end, like by a kill
            writer.append(new TaskStarted(
                    killed,
                    Instant.now(),
                    null,
                    "i",
                    null,
                    null,
                    null,
                    null,
                    null,
                    Map.of(),
                    new ExperimentCase("nightly", "x", 1, Map.of()),
                    List.of(),
                    Map.of()));
        }

        complete(SUITE);

        assertThat(verdicts()).extracting(Verdict::taskId).containsExactly(killed);
        assertThat(List.of(running.id(), other.id())).doesNotContain(killed);
    }

    @Test
    void finishedTask_thatItsProgramHasNotJudged_isJudgedWhenTheSuiteContinues() throws Exception {
        start(true).succeeded("It is done.");

        complete("cases: [{id: x, instruction: i, evaluator: {command: sh judge.sh, name: judge, version: 1}}]");

        assertThat(journal.result(KEY)).isNotNull().satisfies(result -> {
            assertThat(result.isRepeated(false)).isTrue();
            assertThat(result.reason()).isEqualTo("not judged: the suite was interrupted");
        });
        assertThat(verdicts()).singleElement().satisfies(verdict -> assertThat(verdict.value())
                .isEqualTo(Label.UNCLEAR));
    }
}
