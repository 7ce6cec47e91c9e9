package dev.steptrail.store;

import static dev.steptrail.store.TestRecords.START;
import static dev.steptrail.store.TestRecords.ended;
import static dev.steptrail.store.TestRecords.message;
import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.UuidV7;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LearnFromRunsIT {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final TestDatabase database = TestDatabase.migrated();
    private final Database connection = database.database();
    private final DatabaseStepWriter writer = new DatabaseStepWriter(connection);

    LearnFromRunsIT() {
        new RegisterAgent(connection).register(new Agent("sender", "alice", List.of()));
        new RegisterAgent(connection).register(new Agent("other", "bob", List.of()));
    }

    @Test
    void runsOfOneText_teachTogether_thoseOfAnotherOwnerApart() {
        for (int i = 0; i < 5; i++) {
            run("sender", "Take a picture", TaskStatus.SUCCEEDED);
        }
        run("sender", "TAKE a picture. ", TaskStatus.FAILED);
        run("other", "Take a picture", TaskStatus.SUCCEEDED);

        learn();

        assertThat(database.column(
                        "SELECT concat_ws(' ', owner, task_text, kind, figures ->> 'runs', cardinality(runs))"
                                + " FROM insights WHERE kind = 'expectation'"))
                .containsExactly("alice take a picture expectation 6 6");
    }

    @Test
    void news_makeTheInsightsOfTheirTextAnew() {
        for (int i = 0; i < 5; i++) {
            run("sender", "Take a picture", TaskStatus.SUCCEEDED);
        }
        learn();
        run("sender", "Take a picture", TaskStatus.SUCCEEDED);

        learn();

        assertThat(database.column("SELECT figures ->> 'runs' FROM insights WHERE kind = 'expectation'"))
                .containsExactly("6");
        assertThat(database.column("SELECT * FROM stale_texts")).isEmpty();
    }

    @Test
    void aRunThatIsGivenUp_countsAsFailed_whenThatIsSeen() {
        for (int i = 0; i < 5; i++) {
            run("sender", "Take a picture", TaskStatus.SUCCEEDED);
        }
        UUID open = UuidV7.at(START);
        writer.write(List.of(message("sender", started(open), step(open, 1))));
        learn();
        assertThat(database.column("SELECT figures ->> 'runs' FROM insights WHERE kind = 'expectation'"))
                .containsExactly("5");

        database.execute(
                "UPDATE tasks SET received_at = received_at - interval '7 hours' WHERE task_id = '" + open + "'");
        new AbandonTasks(connection).some(100, LIMIT);
        learn();

        assertThat(database.column("SELECT figures ->> 'runs' FROM insights WHERE kind = 'expectation'"))
                .containsExactly("6");
    }

    @Test
    void aDeletedRun_isInNoInsight_fromThenOn() {
        UUID first = run("sender", "Take a picture", TaskStatus.SUCCEEDED);
        for (int i = 0; i < 5; i++) {
            run("sender", "Take a picture", TaskStatus.SUCCEEDED);
        }
        learn();

        new DeleteTask(connection).of(first, "alice");

        assertThat(database.column("SELECT kind FROM insights")).isEmpty();
        assertThat(database.column("SELECT 1 FROM run_digests WHERE task_id = '" + first + "'"))
                .isEmpty();
        learn();
        assertThat(database.column("SELECT figures ->> 'runs' FROM insights WHERE kind = 'expectation'"))
                .containsExactly("5");
    }

    @Test
    void failuresThatAreAlike_areToldWhateverWasAsked() {
        run("sender", "Take a picture", TaskStatus.FAILED);
        run("sender", "Send a message", TaskStatus.FAILED);
        UUID silent = UuidV7.at(START);
        writer.write(List.of(message("sender", started(silent), step(silent, 1), ended(silent, TaskStatus.FAILED, 1))));

        learn();

        assertThat(database.column("SELECT concat_ws(' ', task_text, figures ->> 'runs', figures ->> 'failures')"
                        + " FROM insights WHERE kind = 'failures_alike'"))
                .containsExactly(" 2 3");
    }

    /** Every fifth step of these fails. */
    private UUID run(String sender, String asked, TaskStatus status) {
        UUID task = UuidV7.at(START);
        writer.write(List.of(message(
                sender,
                started(task, null, asked),
                step(task, 1),
                step(task, 2),
                step(task, 3),
                step(task, 4),
                step(task, 5),
                ended(task, status, 5))));
        return task;
    }

    private void learn() {
        new LookAtTasks(connection).some(1000, LIMIT);
        LearnFromRuns learn = new LearnFromRuns(connection);
        while (learn.next(LIMIT).isPresent()) {
            // until no text is stale
        }
    }
}
