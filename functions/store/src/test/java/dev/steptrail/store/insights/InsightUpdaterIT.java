package dev.steptrail.store.insights;

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
import dev.steptrail.store.admin.AgentRepository;
import dev.steptrail.store.ingest.DatabaseStepWriter;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.judgements.VerdictRepository;
import dev.steptrail.store.judgements.VerdictRepository.NewVerdict;
import dev.steptrail.store.model.Agent;
import dev.steptrail.store.retention.IdleTaskFinalizer;
import dev.steptrail.store.retention.TaskDeletion;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class InsightUpdaterIT {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final TestDatabase database = TestDatabase.migrated();
    private final Database connection = database.database();
    private final DatabaseStepWriter writer = new DatabaseStepWriter(connection);

    InsightUpdaterIT() {
        new AgentRepository(connection).register(new Agent("sender", "alice", List.of()));
        new AgentRepository(connection).register(new Agent("other", "bob", List.of()));
    }

    @Test
    void tasksWithOneInstruction_areComparedWithEachOther_separatelyForEachOwner() {
        for (int i = 0; i < 5; i++) {
            addTask("sender", "Take a picture", TaskStatus.SUCCEEDED);
        }
        addTask("sender", "TAKE a picture. ", TaskStatus.FAILED);
        addTask("other", "Take a picture", TaskStatus.SUCCEEDED);

        updateInsights();

        assertThat(database.column(
                        "SELECT concat_ws(' ', owner, instruction, kind, figures ->> 'tasks', cardinality(tasks))"
                                + " FROM insights WHERE kind = 'expectation'"))
                .containsExactly("alice take a picture expectation 6 6");
        assertThat(database.column("SELECT DISTINCT started_at FROM insights, unnest(tasks_started_at) AS started_at"))
                .isEqualTo(database.column("SELECT DISTINCT started_at FROM tasks WHERE owner = 'alice'"));
    }

    @Test
    void newTasks_recomputeTheInsightsOfTheirInstruction() {
        for (int i = 0; i < 5; i++) {
            addTask("sender", "Take a picture", TaskStatus.SUCCEEDED);
        }
        updateInsights();
        addTask("sender", "Take a picture", TaskStatus.SUCCEEDED);

        updateInsights();

        assertThat(database.column("SELECT figures ->> 'tasks' FROM insights WHERE kind = 'expectation'"))
                .containsExactly("6");
        assertThat(database.column("SELECT * FROM stale_instructions")).isEmpty();
    }

    @Test
    void abandonedTask_countsAsFailed_onceProcessed() {
        for (int i = 0; i < 5; i++) {
            addTask("sender", "Take a picture", TaskStatus.SUCCEEDED);
        }
        UUID open = UuidV7.at(START);
        writer.write(List.of(message("sender", started(open), step(open, 1))));
        updateInsights();
        assertThat(database.column("SELECT figures ->> 'tasks' FROM insights WHERE kind = 'expectation'"))
                .containsExactly("5");

        database.execute(
                "UPDATE tasks SET received_at = received_at - interval '7 hours' WHERE task_id = '" + open + "'");
        new IdleTaskFinalizer(connection).abandon(100, LIMIT);
        updateInsights();

        assertThat(database.column("SELECT figures ->> 'tasks' FROM insights WHERE kind = 'expectation'"))
                .containsExactly("6");
    }

    @Test
    void laterVerdicts_recomputeInsights_andOutrankTheClaims() {
        List<UUID> tasks = Stream.generate(() -> addTask("sender", "Take a picture", TaskStatus.SUCCEEDED))
                .limit(5)
                .toList();
        UUID cancelled = addTask("sender", "Take a picture", TaskStatus.CANCELLED);
        updateInsights();
        assertThat(figures("expectation", "tasks", "successes", "verified")).containsExactly("5 5");
        assertThat(figures("false_success", "tasks")).isEmpty();

        VerdictRepository verdicts = new VerdictRepository(connection);
        database.execute("UPDATE tasks SET archived_status = status, status = 'archived' WHERE task_id = '%s'"
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
        writer.write(List.of(message("sender", started(running, null, "Take a picture"), step(running, 1))));
        UUID unclear = addTask("sender", "Take a picture", TaskStatus.SUCCEEDED);
        VerdictRepository verdicts = new VerdictRepository(connection);
        verdicts.set(running, new NewVerdict("success", Label.PASS, null, null, null), "ann");
        verdicts.set(unclear, new NewVerdict("success", Label.UNCLEAR, null, null, null), "ann");
        updateInsights();

        List<TaskDigest> digests = connection.read(session -> TaskDigests.findLatest(session, "alice"));
        assertThat(digests)
                .extracting(TaskDigest::taskId, TaskDigest::isComplete)
                .containsExactlyInAnyOrder(tuple(running, false), tuple(unclear, true));
    }

    @Test
    void appVersion_isReadFromAttributes_elseFromMetadata() {
        for (int i = 0; i < 16; i++) {
            UUID task = addTask("sender", "Take a picture", i < 8 ? TaskStatus.SUCCEEDED : TaskStatus.FAILED);
            database.execute("UPDATE tasks SET %s WHERE task_id = '%s'"
                    .formatted(
                            i < 8
                                    ? "metadata = '{\"app_version\":\"8.1\"}'"
                                    : "metadata = '{\"app_version\":\"8.1\"}', attributes = '{\"app_version\":\"8.2\"}'",
                            task));
        }

        updateInsights();

        assertThat(figures("regression", "dimension", "to")).containsExactly("app_version 8.2");
    }

    private List<String> figures(String kind, String... names) {
        return database.column("SELECT concat_ws(' ', %s) FROM insights WHERE kind = '%s'"
                .formatted(
                        Stream.of(names)
                                .map(name -> "figures ->> '" + name + "'")
                                .collect(Collectors.joining(", ")),
                        kind));
    }

    @Test
    void deletedTask_isRemovedFromInsights() {
        UUID first = addTask("sender", "Take a picture", TaskStatus.SUCCEEDED);
        for (int i = 0; i < 5; i++) {
            addTask("sender", "Take a picture", TaskStatus.SUCCEEDED);
        }
        updateInsights();

        new TaskDeletion(connection).delete(first, "alice");

        assertThat(database.column("SELECT kind FROM insights")).isEmpty();
        assertThat(database.column("SELECT 1 FROM task_digests WHERE task_id = '" + first + "'"))
                .isEmpty();
        updateInsights();
        assertThat(database.column("SELECT figures ->> 'tasks' FROM insights WHERE kind = 'expectation'"))
                .containsExactly("5");
    }

    @Test
    void similarFailures_areGroupedAcrossInstructions() {
        addTask("sender", "Take a picture", TaskStatus.FAILED);
        addTask("sender", "Send a message", TaskStatus.FAILED);
        UUID silent = UuidV7.at(START);
        writer.write(List.of(message("sender", started(silent), step(silent, 1), ended(silent, TaskStatus.FAILED, 1))));

        updateInsights();

        assertThat(database.column("SELECT concat_ws(' ', instruction, figures ->> 'tasks', figures ->> 'failures')"
                        + " FROM insights WHERE kind = 'similar_failures'"))
                .containsExactly(" 2 3");
    }

    @Test
    void commonActions_areFoundAcrossInstructions_separatelyForEachOwner() {
        for (String instruction : List.of("Take a picture", "Send a message", "Play music", "Call bob")) {
            addTask("sender", instruction, TaskStatus.SUCCEEDED);
        }
        addTask("other", "Take a picture", TaskStatus.SUCCEEDED);
        updateInsights();
        assertThat(database.column("SELECT 1 FROM insights WHERE kind = 'frequent_sequence'"))
                .isEmpty();

        addTask("sender", "Take a picture", TaskStatus.FAILED);
        updateInsights();

        assertThat(database.column(
                        "SELECT concat_ws(' ', owner, instruction, figures ->> 'tasks', figures ->> 'of_tasks',"
                                + " figures ->> 'instructions', figures -> 'actions', cardinality(steps), steps[1] = tasks[1] || '.1')"
                                + " FROM insights WHERE kind = 'frequent_sequence'"))
                .containsExactly("alice  5 5 4 [\"Tap 499,842\", \"Wait 499,842\", \"Tap 499,842\", \"Wait 499,842\","
                        + " \"Tap 499,842\"] 5 t");
    }

    @Test
    void failuresOnOneScreen_areFoundWithTheStepAfterTheScreen() {
        endsOn("00000000000000ff", "Take a picture", TaskStatus.FAILED);
        endsOn("00000000000000fe", "Send a message", TaskStatus.ABANDONED);
        endsOn("ffffffffffffffff", "Send a message", TaskStatus.FAILED);
        endsOn("no hash", "Send a message", TaskStatus.FAILED);
        endsOn("00000000000000fd", "Play music", TaskStatus.FAILED);

        updateInsights();

        assertThat(database.column(
                        "SELECT concat_ws(' ', owner, instruction, figures ->> 'tasks', figures ->> 'failures',"
                                + " figures ->> 'error', cardinality(steps), steps[1] = tasks[1] || '.5') FROM insights"
                                + " WHERE kind = 'failures_on_screen'"))
                .containsExactly("alice  3 4 App not found: 相机 3 t");
    }

    @Test
    void screenOnWhichMoreSuccessesEnd_isNotReported() {
        for (int i = 0; i < 3; i++) {
            endsOn("00000000000000ff", "Take a picture", TaskStatus.FAILED);
            endsOn("ffff0000ffff0000", "Take a picture", TaskStatus.FAILED);
            endsOn("00000000000000ff", "Take a picture", TaskStatus.SUCCEEDED);
        }

        updateInsights();

        assertThat(database.column(
                        "SELECT (SELECT last_screen FROM task_digests WHERE task_id = tasks[1]) FROM insights"
                                + " WHERE kind = 'failures_on_screen'"))
                .containsExactly(String.valueOf(0xffff0000ffff0000L));
    }

    /** Returns a task with this screen before its last step, and other screens before and after. */
    private UUID endsOn(String hash, String instruction, TaskStatus status) {
        UUID task = UuidV7.at(START);
        writer.write(List.of(message(
                "sender",
                started(task, null, instruction),
                seen(task, 4, FrameRole.BEFORE, "0f0f0f0f0f0f0f0f"),
                seen(task, 5, FrameRole.BEFORE, hash),
                seen(task, 6, FrameRole.AFTER, "f0f0f0f0f0f0f0f0"),
                ended(task, status, 6))));
        return task;
    }

    private static Step seen(UUID task, int number, FrameRole role, String hash) {
        return withScreenshot(step(task, number), role, "screenshots/sender/" + task + "/" + number + ".webp", hash);
    }

    @Test
    void failingInstruction_isPostponed_andDoesNotBlockOthers() {
        UUID bad = addTask("sender", "a bad one", TaskStatus.SUCCEEDED);
        for (int i = 0; i < 5; i++) {
            addTask("sender", "Take a picture", TaskStatus.SUCCEEDED);
        }
        new ChangedTaskProcessor(connection).processNext(1000, LIMIT);
        database.execute("UPDATE task_digests SET path = '[[1]]' WHERE task_id = '" + bad + "'");
        database.execute(
                "UPDATE stale_instructions SET due_at = due_at - interval '1 minute' WHERE instruction = 'a bad one'");
        database.execute("DELETE FROM stale_instructions WHERE instruction = ''");
        InsightUpdater updater = new InsightUpdater(connection);

        assertThatThrownBy(() -> updater.updateNext(LIMIT)).isInstanceOf(RuntimeException.class);
        updater.postponeNext();

        assertThat(updater.updateNext(LIMIT)).isPresent();
        assertThat(updater.updateNext(LIMIT)).isEmpty();
        assertThat(database.column("SELECT DISTINCT instruction FROM insights")).containsExactly("take a picture");
        assertThat(database.column("SELECT instruction FROM stale_instructions"))
                .containsExactly("a bad one");
    }

    @Test
    void taskDeletedDuringTheUpdate_isInNoInsight() throws Exception {
        UUID first = addTask("sender", "Take a picture", TaskStatus.SUCCEEDED);
        new ChangedTaskProcessor(connection).processNext(1000, LIMIT);
        CompletableFuture<?> deleted = database.database().inTransaction(session -> {
            try (Statement statement = session.connection().createStatement()) {
                statement.execute("DELETE FROM stale_instructions WHERE instruction = 'take a picture'");
                statement.execute(
                        "INSERT INTO insights (owner, instruction, kind, tasks, tasks_started_at, steps, figures) VALUES ('alice',"
                                + " 'take a picture', 'expectation', '{" + first + "}', '{now}', '{}', '{}')");
            }
            CompletableFuture<?> started =
                    CompletableFuture.runAsync(() -> new TaskDeletion(connection).delete(first, "alice"));
            while (database.column("SELECT 1 FROM pg_locks WHERE NOT granted").isEmpty()) {
                Thread.onSpinWait();
            }
            return started;
        });
        deleted.get(1, TimeUnit.MINUTES);

        assertThat(database.column("SELECT kind FROM insights")).isEmpty();
        assertThat(database.column("SELECT instruction FROM stale_instructions"))
                .contains("take a picture");
    }

    /** Returns a task in which every fifth step fails. */
    private UUID addTask(String sender, String instruction, TaskStatus status) {
        UUID task = UuidV7.at(START);
        writer.write(List.of(message(
                sender,
                started(task, null, instruction),
                step(task, 1),
                step(task, 2),
                step(task, 3),
                step(task, 4),
                step(task, 5),
                ended(task, status, 5))));
        return task;
    }

    private void updateInsights() {
        new ChangedTaskProcessor(connection).processNext(1000, LIMIT);
        InsightUpdater updater = new InsightUpdater(connection);
        while (updater.updateNext(LIMIT).isPresent()) {
            // until no instruction is stale
        }
    }
}
