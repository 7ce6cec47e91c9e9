package dev.steptrail.store.ingest;

import static dev.steptrail.store.TestRecords.START;
import static dev.steptrail.store.TestRecords.ended;
import static dev.steptrail.store.TestRecords.message;
import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static dev.steptrail.store.TestRecords.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.ExperimentCase;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.stepformat.Verdict;
import dev.steptrail.stepformat.VerdictValue;
import dev.steptrail.stepformat.VerdictValue.Label;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.TestRecords;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.roles.FunctionLogin;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Verdicts, tokens, experiments and metadata that arrive in messages, written with the login of ingest. */
class JudgementsIT {
    private static final TestDatabase DATABASE = TestDatabase.migrated()
            .register("sender", "alice")
            .register("proxy", "lab", "alice")
            .register("stranger", "mallory");

    private static final DatabaseStepWriter MAINTENANCE =
            new DatabaseStepWriter(DATABASE.database(FunctionLogin.OPERATIONS));

    private final UUID task = UuidV7.at(START);

    private static Verdict verdict(UUID task, Instant time, String evaluator, VerdictValue value, String name) {
        return new Verdict(task, time, name, value, evaluator, "1", "because", Map.of());
    }

    private Verdict verdict(int second, String evaluator, Label value) {
        return verdict(task, START.plusSeconds(second), evaluator, value, Verdict.SUCCESS);
    }

    private StepRecord[] verdictsOf(int judges) {
        return IntStream.range(0, judges)
                .mapToObj(judge -> verdict(1, "judge-" + judge, Label.PASS))
                .toArray(StepRecord[]::new);
    }

    @Test
    void verdictOfAnotherOwnersTask_isRejected() {
        DATABASE.write(started(task));

        WriteResult result = DATABASE.write(message("stranger", verdict(1, "judge", Label.FAIL)));

        assertThat(result.rejected()).isEqualTo(1);
        assertThat(DATABASE.task(task, "verdict")).isNull();
    }

    @Test
    void verdictBeforeItsTask_isStoredWhenTheTaskArrives_andCreatesNoTask() {
        Verdict verdict = verdict(1, "judge", Label.FAIL);
        DATABASE.write(verdict);
        DATABASE.write(verdict, verdict(2, "other", Label.PASS));
        assertThat(DATABASE.task(task, "count(*)")).isEqualTo("0");

        DATABASE.write(step(task, 1));

        assertThat(DATABASE.task(task, "concat_ws(' ', owner, verdict)")).isEqualTo("alice pass");
        assertThat(DATABASE.count("early_verdicts", task)).isZero();
    }

    /** Without verdicts, the first other record decides who owns the task. A verdict never does. */
    @Property(tries = 60)
    void verdictsOfAnotherOwner_neverCount_inAnyOrderOfRecords(@ForAll Random random) {
        UUID id = TestRecords.anyTask(random);
        boolean isOnBehalf = random.nextBoolean();
        String recorder = isOnBehalf ? "proxy" : "sender";
        List<ReceivedMessage> messages = new ArrayList<>(List.of(
                message(recorder, started(id, isOnBehalf ? "alice" : null)),
                message(recorder, ended(id, TaskStatus.SUCCEEDED, 1)),
                message(recorder, step(id, 1)),
                message(recorder, verdict(id, START.plusSeconds(1), "judge", Label.FAIL, Verdict.SUCCESS)),
                message("proxy", verdict(id, START.plusSeconds(2), "second", Label.UNCLEAR, Verdict.SUCCESS)),
                message("stranger", verdict(id, START.plusSeconds(3), "judge", Label.PASS, Verdict.SUCCESS)),
                message("stranger", verdict(id, START.plusSeconds(4), "third", Label.PASS, Verdict.SUCCESS))));
        messages.addAll(messages.subList(3, 3 + random.nextInt(5)));
        Collections.shuffle(messages, random);

        int rejected = 0;
        for (int from = 0; from < messages.size(); ) {
            int to = Math.min(messages.size(), from + 1 + random.nextInt(4));
            rejected += DATABASE.write(messages.subList(from, to).toArray(ReceivedMessage[]::new))
                    .rejected();
            from = to;
        }

        assertThat(DATABASE.task(id, "concat_ws(' ', owner, total_steps, status, verdict, success)"))
                .isEqualTo("alice 1 succeeded unclear");
        assertThat(DATABASE.column(
                        "SELECT judge || ' ' || value FROM verdicts WHERE task_id = '" + id + "' ORDER BY judge"))
                .containsExactly("judge fail", "second unclear");
        assertThat(rejected).isEqualTo(2);
    }

    @Test
    void verdictsBeyondTheLimit_areRejected_butReplacingOneIsAllowed() {
        DATABASE.write(started(task));
        DATABASE.execute(
                "INSERT INTO verdicts (task_id, name, value, source, judge, judged_at) SELECT '" + task
                        + "', 'n' || i, 'pass', 'automatic', 'judge', now() - interval '1 year' FROM generate_series(2, 1000) AS i");

        WriteResult result = DATABASE.write(message(
                "sender",
                verdict(task, START, "judge", Label.FAIL, "n2"),
                verdict(1, "first", Label.PASS),
                verdict(2, "second", Label.FAIL)));

        assertThat(result.rejected()).isEqualTo(1);
        assertThat(DATABASE.task(task, "verdict")).isEqualTo("pass");
        assertThat(DATABASE.value("SELECT value FROM verdicts WHERE name = 'n2' AND task_id = '" + task + "'"))
                .isEqualTo("fail");
        assertThat(rejections()).containsExactly("sender alice the task has 1000 verdicts");
    }

    @Test
    void earlyVerdictsOfASenderBeyondTheLimit_areRejected() {
        StepRecord[] verdicts = verdictsOf(1001);

        assertThat(DATABASE.write(message("sender", verdicts), message("sender", verdicts))
                        .rejected())
                .isEqualTo(1);
        assertThat(DATABASE.write(message("stranger", verdicts[0]), message("sender", verdicts))
                        .rejected())
                .isZero();

        DATABASE.write(started(task));
        writeEarlyVerdicts();
        assertThat(DATABASE.count("verdicts", task)).isEqualTo(1000);
    }

    /** A reason may have megabytes, and a task a thousand early verdicts. */
    @Test
    void earlyVerdict_isStoredTruncated_andALaterCopyChangesNothing() {
        Verdict verdict = with(
                verdict(1, "judge", Label.FAIL),
                "reason",
                "📷".repeat(500_000),
                "unknown",
                Map.of("unknown", "b".repeat(1_000_000)));
        DATABASE.write(verdict);
        assertThat(DATABASE.value("SELECT length(record) < 200000 FROM early_verdicts WHERE task_id = '" + task + "'"))
                .isEqualTo("t");

        DATABASE.write(started(task));
        String row = "SELECT concat_ws(' ', length(reason), xmin) FROM verdicts WHERE task_id = '" + task + "'";
        String before = DATABASE.value(row);
        DATABASE.write(verdict);

        assertThat(before).startsWith("10000 ");
        assertThat(DATABASE.value(row)).isEqualTo(before);
    }

    @Test
    void manyEarlyVerdicts_areProcessedInParts() {
        StepRecord[] verdicts = verdictsOf(450);
        DATABASE.write(message("sender", verdicts), message("stranger", verdicts));

        int rejected = DATABASE.write(message("sender", started(task))).rejected();
        assertThat(DATABASE.count("early_verdicts", task)).isEqualTo(700);
        writeEarlyVerdicts();

        assertThat(rejected).isLessThanOrEqualTo(200);
        assertThat(DATABASE.count("rejected_messages", task)).isEqualTo(450);
        assertThat(DATABASE.count("verdicts", task)).isEqualTo(450);
        assertThat(DATABASE.count("early_verdicts", task)).isZero();
    }

    @Test
    void earlyVerdictWhoseTaskNeverComes_isRejectedAfterADay() {
        DATABASE.write(verdict(1, "judge", Label.FAIL));
        writeEarlyVerdicts();
        assertThat(DATABASE.count("rejected_messages", task)).isZero();

        DATABASE.execute(
                "UPDATE early_verdicts SET received_at = now() - interval '25 hours' WHERE task_id = '" + task + "'");
        writeEarlyVerdicts();

        assertThat(rejections()).containsExactly("sender alice no other record of the task arrived within a day");
        assertThat(DATABASE.count("early_verdicts", task)).isZero();
    }

    private List<String> rejections() {
        return DATABASE.column("SELECT concat_ws(' ', sender_id, owner, reason) FROM rejected_messages"
                + " WHERE task_id = '" + task + "'");
    }

    /** As maintenance does. */
    private static void writeEarlyVerdicts() {
        while (MAINTENANCE.writeEarlyVerdicts(Duration.ofMinutes(1)) > 0) {
            // the next part
        }
    }

    /** One writer stores the verdict while another inserts its task. */
    @Test
    void verdictThatArrivesTogetherWithItsTask_isNotLost() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            for (int i = 0; i < 100; i++) {
                UUID id = UuidV7.at(START);
                Verdict verdict = verdict(id, START, "judge", Label.FAIL, Verdict.SUCCESS);
                CyclicBarrier start = new CyclicBarrier(2);
                for (Future<WriteResult> write : threads.invokeAll(List.<Callable<WriteResult>>of(
                        () -> writeAfter(start, started(id)), () -> writeAfter(start, verdict)))) {
                    assertThat(write.get().rejected()).isZero();
                }
                writeEarlyVerdicts();
                assertThat(DATABASE.task(id, "verdict")).isEqualTo("fail");
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static WriteResult writeAfter(CyclicBarrier start, StepRecord record) throws Exception {
        start.await();
        return DATABASE.write(record);
    }

    @Test
    void laterVerdictOfAJudgeInAMessage_isTheOneStored() {
        DATABASE.write(started(task), verdict(2, "judge", Label.PASS), verdict(1, "judge", Label.FAIL));

        assertThat(DATABASE.task(task, "verdict")).isEqualTo("pass");
        assertThat(DATABASE.count("verdicts", task)).isOne();
    }

    @Test
    void experimentAndMetadata_canBeFound() {
        DATABASE.write(with(
                started(task),
                "experimentCase",
                new ExperimentCase("e1", "wifi", 2, Map.of("prompt_version", "7")),
                "metadata",
                Map.of("lab", "north", "app", Map.of("version", 3, "beta", true), "list", List.of(1))));

        assertThat(DATABASE.task(task, "concat_ws(' ', experiment, case_id, repeat, attributes)"))
                .isEqualTo("e1 wifi 2 {\"prompt_version\":\"7\"}");
        assertThat(DATABASE.column("SELECT owner || ' ' || facet || '=' || value FROM task_facets WHERE task_id = '"
                        + task + "' ORDER BY facet"))
                .containsExactly(
                        "alice metadata.app.beta=true", "alice metadata.app.version=3", "alice metadata.lab=north");
    }

    /** A session keeps the plans of its triggers. Those for a table of few rows must not be used when it has many. */
    @Test
    void manyTasksWithMetadata_areInsertedInTime_bySessionThatBeganWithSmallTables() {
        TestDatabase fresh = TestDatabase.migrated();
        String insert =
                "INSERT INTO tasks (task_id, owner, started_at, metadata) SELECT gen_random_uuid(), 'alice', now(),"
                        + " (SELECT json_object_agg(i, 1) FROM generate_series(1, 50) AS i) FROM generate_series(1, %d)";
        fresh.execute(insert.formatted(10));
        fresh.execute("VACUUM ANALYZE tasks, task_facets");
        try (Database ingest = fresh.database(FunctionLogin.INGEST)) {
            ingest.inTransaction(session -> session.sql(insert.formatted(10)).update());

            int inserted = ingest.inTransaction(Duration.ofSeconds(20), session -> session.sql(insert.formatted(4000))
                    .update());

            assertThat(inserted).isEqualTo(4000);
        }
    }
}
