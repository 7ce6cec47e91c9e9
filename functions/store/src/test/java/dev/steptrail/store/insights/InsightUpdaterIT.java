package dev.steptrail.store.insights;

import static dev.steptrail.store.TestMaintenance.LIMIT;
import static dev.steptrail.store.TestRecords.START;
import static dev.steptrail.store.TestRecords.ended;
import static dev.steptrail.store.TestRecords.message;
import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static dev.steptrail.store.TestRecords.withScreenshot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.steptrail.insights.TaskDigest;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.stepformat.VerdictValue.Label;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.TestMaintenance;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.judgements.VerdictRepository;
import dev.steptrail.store.judgements.VerdictRepository.NewVerdict;
import dev.steptrail.store.retention.IdleTaskFinalizer;
import dev.steptrail.store.retention.TaskDeletion;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InsightUpdaterIT {
    private static final String PICTURE = "Take a picture";

    private static final TestDatabase DATABASE =
            TestDatabase.migrated().register("sender", "alice").register("other", "bob");
    private static final Database CONNECTION = DATABASE.database();

    private final VerdictRepository verdicts = new VerdictRepository(CONNECTION);

    @BeforeEach
    void clear() {
        DATABASE.clear();
    }

    @Test
    void tasksWithOneInstruction_areComparedWithEachOther_separatelyForEachOwner() {
        addTasks(5);
        addTask("TAKE a picture. ", TaskStatus.FAILED);
        addTaskOf("other", PICTURE, TaskStatus.SUCCEEDED);

        updateInsights();

        assertThat(DATABASE.column(
                        "SELECT concat_ws(' ', owner, instruction, kind, figures ->> 'tasks', cardinality(tasks))"
                                + " FROM insights WHERE kind = 'expectation'"))
                .containsExactly("alice take a picture expectation 6 6");
        assertThat(DATABASE.column("SELECT DISTINCT started_at FROM insights, unnest(tasks_started_at) AS started_at"))
                .isEqualTo(DATABASE.column("SELECT DISTINCT started_at FROM tasks WHERE owner = 'alice'"));
    }

    @Test
    void abandonedTask_countsAsFailed_onceProcessed() {
        addTasks(5);
        UUID open = UuidV7.at(START);
        DATABASE.write(started(open), step(open, 1));
        updateInsights();
        assertTasksOfExpectation("5");
        assertThat(DATABASE.count("stale_instructions")).isZero();

        DATABASE.execute(
                "UPDATE tasks SET received_at = received_at - interval '7 hours' WHERE task_id = '" + open + "'");
        new IdleTaskFinalizer(CONNECTION).abandon(100, LIMIT);
        updateInsights();

        assertTasksOfExpectation("6");
    }

    @Test
    void laterVerdicts_recomputeInsights_andOutrankTheClaims() {
        List<UUID> tasks = addTasks(5);
        UUID cancelled = addTask(PICTURE, TaskStatus.CANCELLED);
        updateInsights();
        assertThat(figures("expectation", "tasks", "successes", "verified")).containsExactly("5 5");
        assertThat(figures("false_success", "tasks")).isEmpty();

        DATABASE.execute("UPDATE tasks SET archived_status = status, status = 'archived' WHERE task_id = '%s'"
                .formatted(tasks.get(0)));
        tasks.subList(0, 3)
                .forEach(task -> verdicts.set(task, new NewVerdict("success", Label.FAIL, "judge", "1", null), "ann"));
        verdicts.set(tasks.get(3), new NewVerdict("success", Label.UNCLEAR, null, null, null), "ann");
        verdicts.set(cancelled, new NewVerdict("success", Label.PASS, null, null, null), "ann");
        updateInsights();

        assertThat(figures("expectation", "tasks", "successes", "claimed_successes", "verified", "disagreements"))
                .containsExactly("5 2 4 4 4");
        assertThat(figures("false_success", "tasks", "false_successes", "share"))
                .containsExactly("3 3 1.0");
    }

    @Test
    void digest_isCompleteOnceTheTaskHasEnded_whateverItsVerdict() {
        UUID running = UuidV7.at(START);
        DATABASE.write(started(running, null, PICTURE), step(running, 1));
        UUID unclear = addTask(PICTURE, TaskStatus.SUCCEEDED);
        verdicts.set(running, new NewVerdict("success", Label.PASS, null, null, null), "ann");
        verdicts.set(unclear, new NewVerdict("success", Label.UNCLEAR, null, null, null), "ann");
        updateInsights();

        List<TaskDigest> digests = CONNECTION.read(session -> TaskDigests.findLatest(session, "alice"));
        assertThat(digests)
                .extracting(TaskDigest::taskId, TaskDigest::isComplete)
                .containsExactlyInAnyOrder(tuple(running, false), tuple(unclear, true));
    }

    @Test
    void appVersion_isReadFromAttributes_elseFromMetadata() {
        addTasks(8);
        for (int i = 0; i < 8; i++) {
            addTask(PICTURE, TaskStatus.FAILED);
        }
        DATABASE.execute("UPDATE tasks SET metadata = '{\"app_version\":\"8.1\"}'");
        DATABASE.execute("UPDATE tasks SET attributes = '{\"app_version\":\"8.2\"}' WHERE status = 'failed'");

        updateInsights();

        assertThat(figures("regression", "dimension", "to")).containsExactly("app_version 8.2");
    }

    private List<String> figures(String kind, String... names) {
        return DATABASE.column("SELECT concat_ws(' ', %s) FROM insights WHERE kind = '%s'"
                .formatted(
                        Stream.of(names)
                                .map(name -> "figures ->> '" + name + "'")
                                .collect(Collectors.joining(", ")),
                        kind));
    }

    @Test
    void deletedTask_isRemovedFromInsights() {
        UUID first = addTask(PICTURE, TaskStatus.SUCCEEDED);
        addTasks(5);
        updateInsights();

        new TaskDeletion(CONNECTION).delete(first, "alice");

        assertThat(DATABASE.column("SELECT kind FROM insights")).isEmpty();
        assertThat(DATABASE.column("SELECT 1 FROM task_digests WHERE task_id = '" + first + "'"))
                .isEmpty();
        updateInsights();
        assertTasksOfExpectation("5");
    }

    @Test
    void similarFailures_areGroupedAcrossInstructions() {
        addTask(PICTURE, TaskStatus.FAILED);
        addTask("Send a message", TaskStatus.FAILED);
        UUID silent = UuidV7.at(START);
        DATABASE.write(started(silent), step(silent, 1), ended(silent, TaskStatus.FAILED, 1));

        updateInsights();

        assertThat(DATABASE.column("SELECT concat_ws(' ', instruction, figures ->> 'tasks', figures ->> 'failures')"
                        + " FROM insights WHERE kind = 'similar_failures'"))
                .containsExactly(" 2 3");
    }

    @Test
    void commonActions_areFoundAcrossInstructions_separatelyForEachOwner() {
        for (String instruction : List.of(PICTURE, "Send a message", "Play music", "Call bob")) {
            addTask(instruction, TaskStatus.SUCCEEDED);
        }
        addTaskOf("other", PICTURE, TaskStatus.SUCCEEDED);
        updateInsights();
        assertThat(DATABASE.column("SELECT 1 FROM insights WHERE kind = 'frequent_sequence'"))
                .isEmpty();

        addTask(PICTURE, TaskStatus.FAILED);
        updateInsights();

        assertThat(DATABASE.column(
                        "SELECT concat_ws(' ', owner, instruction, figures ->> 'tasks', figures ->> 'of_tasks',"
                                + " figures ->> 'instructions', figures -> 'actions', cardinality(steps), steps[1] = tasks[1] || '.1')"
                                + " FROM insights WHERE kind = 'frequent_sequence'"))
                .containsExactly("alice  5 5 4 [\"Tap 499,842\", \"Wait 499,842\", \"Tap 499,842\", \"Wait 499,842\","
                        + " \"Tap 499,842\"] 5 t");
    }

    @Test
    void failuresOnOneScreen_areFoundWithTheStepAfterTheScreen() {
        endsOn("00000000000000ff", PICTURE, TaskStatus.FAILED);
        endsOn("00000000000000fe", "Send a message", TaskStatus.ABANDONED);
        endsOn("ffffffffffffffff", "Send a message", TaskStatus.FAILED);
        endsOn("no hash", "Send a message", TaskStatus.FAILED);
        endsOn("00000000000000fd", "Play music", TaskStatus.FAILED);

        updateInsights();

        assertThat(DATABASE.column(
                        "SELECT concat_ws(' ', owner, instruction, figures ->> 'tasks', figures ->> 'failures',"
                                + " figures ->> 'error', cardinality(steps), steps[1] = tasks[1] || '.5') FROM insights"
                                + " WHERE kind = 'failures_on_screen'"))
                .containsExactly("alice  3 4 App not found: 相机 3 t");
    }

    /** Writes a task with this screen before its last step, and other screens before and after. */
    private static void endsOn(String hash, String instruction, TaskStatus status) {
        UUID task = UuidV7.at(START);
        DATABASE.write(
                started(task, null, instruction),
                seen(task, 4, FrameRole.BEFORE, "0f0f0f0f0f0f0f0f"),
                seen(task, 5, FrameRole.BEFORE, hash),
                seen(task, 6, FrameRole.AFTER, "f0f0f0f0f0f0f0f0"),
                ended(task, status, 6));
    }

    private static Step seen(UUID task, int number, FrameRole role, String hash) {
        return withScreenshot(step(task, number), role, "screenshots/sender/" + task + "/" + number + ".webp", hash);
    }

    @Test
    void failingInstruction_isPostponed_andDoesNotBlockOthers() {
        UUID bad = addTask("a bad one", TaskStatus.SUCCEEDED);
        addTasks(5);
        TestMaintenance.processChangedTasks(CONNECTION);
        DATABASE.execute("UPDATE task_digests SET path = '[[1]]' WHERE task_id = '" + bad + "'");
        DATABASE.execute(
                "UPDATE stale_instructions SET due_at = due_at - interval '1 minute' WHERE instruction = 'a bad one'");
        DATABASE.execute("DELETE FROM stale_instructions WHERE instruction = ''");
        InsightUpdater updater = new InsightUpdater(CONNECTION);

        assertThatThrownBy(() -> updater.updateNext(LIMIT)).isInstanceOf(RuntimeException.class);
        updater.postponeNext();

        assertThat(updater.updateNext(LIMIT)).isPresent();
        assertThat(updater.updateNext(LIMIT)).isEmpty();
        assertThat(DATABASE.column("SELECT DISTINCT instruction FROM insights")).containsExactly("take a picture");
        assertThat(DATABASE.column("SELECT instruction FROM stale_instructions"))
                .containsExactly("a bad one");
    }

    @Test
    void taskDeletedDuringTheUpdate_isInNoInsight() throws Exception {
        UUID first = addTask(PICTURE, TaskStatus.SUCCEEDED);
        TestMaintenance.processChangedTasks(CONNECTION);

        DATABASE.callDuring(
                "DELETE FROM stale_instructions WHERE instruction = 'take a picture';"
                        + " INSERT INTO insights (owner, instruction, kind, tasks, tasks_started_at, steps, figures)"
                        + " VALUES ('alice', 'take a picture', 'expectation', '{" + first + "}', '{now}', '{}', '{}')",
                () -> new TaskDeletion(CONNECTION).delete(first, "alice"));

        assertThat(DATABASE.column("SELECT kind FROM insights")).isEmpty();
        assertThat(DATABASE.column("SELECT instruction FROM stale_instructions"))
                .contains("take a picture");
    }

    private List<UUID> addTasks(int successes) {
        return Stream.generate(() -> addTask(PICTURE, TaskStatus.SUCCEEDED))
                .limit(successes)
                .toList();
    }

    private UUID addTask(String instruction, TaskStatus status) {
        return addTaskOf("sender", instruction, status);
    }

    /** Returns a task in which every fifth step fails. */
    private UUID addTaskOf(String sender, String instruction, TaskStatus status) {
        UUID task = UuidV7.at(START);
        DATABASE.write(message(
                sender,
                started(task, null, instruction),
                step(task, 1),
                step(task, 2),
                step(task, 3),
                step(task, 4),
                step(task, 5),
                ended(task, status, 5)));
        return task;
    }

    private void updateInsights() {
        TestMaintenance.updateInsights(CONNECTION);
    }

    private void assertTasksOfExpectation(String tasks) {
        assertThat(figures("expectation", "tasks")).containsExactly(tasks);
    }
}
