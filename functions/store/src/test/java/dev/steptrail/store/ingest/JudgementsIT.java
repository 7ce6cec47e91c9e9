package dev.steptrail.store.ingest;

import static dev.steptrail.store.TestRecords.START;
import static dev.steptrail.store.TestRecords.ended;
import static dev.steptrail.store.TestRecords.message;
import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static dev.steptrail.store.TestRecords.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.ExperimentCase;
import dev.steptrail.stepformat.ModelCall;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.Usage;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.stepformat.Verdict;
import dev.steptrail.stepformat.VerdictValue;
import dev.steptrail.stepformat.VerdictValue.Label;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.TestRecords;
import dev.steptrail.store.admin.AgentRepository;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.model.Agent;
import dev.steptrail.store.retention.TaskDeletion;
import dev.steptrail.store.roles.FunctionLogin;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BinaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Verdicts, tokens, experiments and metadata that arrive in messages, written with the login of ingest. */
class JudgementsIT {
    private static final TestDatabase DATABASE = TestDatabase.migrated();
    private static final Database INGEST = DATABASE.database(FunctionLogin.INGEST);
    private static final DatabaseStepWriter WRITER = new DatabaseStepWriter(INGEST);

    static {
        new AgentRepository(DATABASE.database()).register(new Agent("sender", "alice", List.of()));
        new AgentRepository(DATABASE.database()).register(new Agent("proxy", "lab", List.of("alice")));
        new AgentRepository(DATABASE.database()).register(new Agent("stranger", "mallory", List.of()));
    }

    private final UUID task = UuidV7.at(START);

    private static void write(StepRecord... records) {
        WRITER.write(List.of(message("sender", records)));
    }

    private static Verdict verdict(UUID task, Instant time, String evaluator, VerdictValue value, String name) {
        return new Verdict(task, time, name, value, evaluator, "1", "because", Map.of());
    }

    private Verdict verdict(int second, String evaluator, Label value) {
        return verdict(task, START.plusSeconds(second), evaluator, value, Verdict.SUCCESS);
    }

    private String column(String name) {
        return DATABASE.value("SELECT " + name + " FROM tasks WHERE task_id = '" + task + "'");
    }

    @Test
    void scoreOfAnotherName_doesNotChangeSuccess() {
        write(
                started(task),
                ended(task, TaskStatus.FAILED, 0),
                verdict(task, START, "judge", new VerdictValue.Score(0.25), "efficiency"),
                verdict(task, START, "judge", Label.PASS, "polite"));

        assertThat(column("concat_ws(' ', verdict, success)")).isEqualTo("f");
        assertThat(DATABASE.column("SELECT coalesce(value, score::text) FROM verdicts WHERE task_id = '" + task
                        + "' ORDER BY name"))
                .containsExactly("0.25", "pass");
    }

    @Test
    void longReason_isTruncatedTo10000CodePoints() {
        write(
                started(task),
                new Verdict(task, START, "success", Label.PASS, "judge", null, "📷".repeat(10_001), Map.of()));

        assertThat(DATABASE.value("SELECT reason FROM verdicts WHERE task_id = '" + task + "'"))
                .isEqualTo("📷".repeat(10_000));
    }

    @Test
    void verdictOfAnotherOwnersTask_isRejected() {
        write(started(task));

        WriteResult result = WRITER.write(List.of(message("stranger", verdict(1, "judge", Label.FAIL))));

        assertThat(result.rejected()).isEqualTo(1);
        assertThat(column("verdict")).isNull();
    }

    @Test
    void verdictBeforeItsTask_isStoredWhenTheTaskArrives_andCreatesNoTask() {
        Verdict verdict = verdict(1, "judge", Label.FAIL);
        write(verdict);
        write(verdict, verdict(2, "other", Label.PASS));
        assertThat(column("count(*)")).isEqualTo("0");

        write(step(task, 1));

        assertThat(column("concat_ws(' ', owner, verdict)")).isEqualTo("alice pass");
        assertThat(DATABASE.value("SELECT count(*) FROM early_verdicts WHERE task_id = '" + task + "'"))
                .isEqualTo("0");
    }

    /** Without verdicts, the first other record decides who owns the task. A verdict never does. */
    @Property(tries = 60)
    void verdictsOfAnotherOwner_neverCount_inAnyOrderOfRecords(@ForAll Random random) {
        UUID id = new UUID(UuidV7.at(START).getMostSignificantBits(), random.nextLong() & ~(3L << 62) | 1L << 63);
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
            rejected += WRITER.write(messages.subList(from, to)).rejected();
            from = to;
        }

        assertThat(DATABASE.value("SELECT concat_ws(' ', owner, total_steps, status, verdict, success) FROM tasks"
                        + " WHERE task_id = '" + id + "'"))
                .isEqualTo("alice 1 succeeded unclear");
        assertThat(DATABASE.column(
                        "SELECT judge || ' ' || value FROM verdicts WHERE task_id = '" + id + "' ORDER BY judge"))
                .containsExactly("judge fail", "second unclear");
        assertThat(rejected).isEqualTo(2);
    }

    @Test
    void verdictsBeyondTheLimit_areRejected_butReplacingOneIsAllowed() {
        write(started(task));
        DATABASE.execute(
                "INSERT INTO verdicts (task_id, name, value, source, judge, judged_at) SELECT '" + task
                        + "', 'n' || i, 'pass', 'automatic', 'judge', now() - interval '1 year' FROM generate_series(2, 1000) AS i");

        WriteResult result = WRITER.write(List.of(message(
                "sender",
                verdict(task, START, "judge", Label.FAIL, "n2"),
                verdict(1, "first", Label.PASS),
                verdict(2, "second", Label.FAIL))));

        assertThat(result.rejected()).isEqualTo(1);
        assertThat(column("verdict")).isEqualTo("pass");
        assertThat(DATABASE.value("SELECT value FROM verdicts WHERE name = 'n2' AND task_id = '" + task + "'"))
                .isEqualTo("fail");
        assertThat(DATABASE.column(
                        "SELECT concat_ws(' ', sender_id, owner, reason) FROM rejected_messages WHERE task_id = '"
                                + task + "'"))
                .containsExactly("sender alice the task has 1000 verdicts");
    }

    @Test
    void earlyVerdictsOfASenderBeyondTheLimit_areRejected() {
        StepRecord[] verdicts = new StepRecord[1001];
        for (int i = 0; i < verdicts.length; i++) {
            verdicts[i] = verdict(1, "judge-" + i, Label.PASS);
        }

        assertThat(WRITER.write(List.of(message("sender", verdicts), message("sender", verdicts)))
                        .rejected())
                .isEqualTo(1);
        assertThat(WRITER.write(List.of(message("stranger", verdicts[0]), message("sender", verdicts)))
                        .rejected())
                .isZero();

        write(started(task));
        writeEarlyVerdicts();
        assertThat(DATABASE.value("SELECT count(*) FROM verdicts WHERE task_id = '" + task + "'"))
                .isEqualTo("1000");
    }

    /** A reason may have megabytes, and a task a thousand early verdicts. */
    @Test
    void earlyVerdict_isStoredTruncated_andALaterCopyChangesNothing() {
        Verdict verdict = new Verdict(
                task,
                START,
                Verdict.SUCCESS,
                Label.FAIL,
                "judge",
                "1",
                "a".repeat(1_000_000),
                Map.of("unknown", "b".repeat(1_000_000)));
        write(verdict);
        assertThat(DATABASE.value("SELECT length(record) < 11000 FROM early_verdicts WHERE task_id = '" + task + "'"))
                .isEqualTo("t");

        write(started(task));
        String row = "SELECT concat_ws(' ', length(reason), xmin) FROM verdicts WHERE task_id = '" + task + "'";
        String before = DATABASE.value(row);
        write(verdict);

        assertThat(before).startsWith("10000 ");
        assertThat(DATABASE.value(row)).isEqualTo(before);
    }

    @Test
    void manyEarlyVerdicts_areProcessedInParts() {
        StepRecord[] verdicts = new StepRecord[450];
        for (int i = 0; i < verdicts.length; i++) {
            verdicts[i] = verdict(1, "judge-" + i, Label.PASS);
        }
        WRITER.write(List.of(message("sender", verdicts), message("stranger", verdicts)));

        int rejected = WRITER.write(List.of(message("sender", started(task)))).rejected();
        assertThat(DATABASE.value("SELECT count(*) FROM early_verdicts WHERE task_id = '" + task + "'"))
                .isEqualTo("700");
        writeEarlyVerdicts();

        assertThat(rejected).isLessThanOrEqualTo(200);
        assertThat(DATABASE.value("SELECT count(*) FROM rejected_messages WHERE task_id = '" + task + "'"))
                .isEqualTo("450");
        assertThat(DATABASE.value("SELECT count(*) FROM verdicts WHERE task_id = '" + task + "'"))
                .isEqualTo("450");
        assertThat(DATABASE.value("SELECT count(*) FROM early_verdicts WHERE task_id = '" + task + "'"))
                .isEqualTo("0");
    }

    @Test
    void earlyVerdictWhoseTaskNeverComes_isRejectedAfterADay() {
        write(verdict(1, "judge", Label.FAIL));
        writeEarlyVerdicts();
        assertThat(DATABASE.value("SELECT count(*) FROM rejected_messages WHERE task_id = '" + task + "'"))
                .isEqualTo("0");

        DATABASE.execute(
                "UPDATE early_verdicts SET received_at = now() - interval '25 hours' WHERE task_id = '" + task + "'");
        writeEarlyVerdicts();

        assertThat(DATABASE.column(
                        "SELECT concat_ws(' ', sender_id, owner, reason) FROM rejected_messages WHERE task_id = '"
                                + task + "'"))
                .containsExactly("sender alice no other record of the task arrived within a day");
        assertThat(DATABASE.value("SELECT count(*) FROM early_verdicts WHERE task_id = '" + task + "'"))
                .isEqualTo("0");
    }

    /** As maintenance does. */
    private static void writeEarlyVerdicts() {
        while (WRITER.writeEarlyVerdicts(Duration.ofMinutes(1)) > 0) {
            // the next part
        }
    }

    /** One writer stores the verdict while another inserts its task. */
    @Test
    void verdictThatArrivesTogetherWithItsTask_isNotLost() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (Database other = DATABASE.database(FunctionLogin.INGEST)) {
            DatabaseStepWriter second = new DatabaseStepWriter(other);
            for (int i = 0; i < 100; i++) {
                UUID id = UuidV7.at(START);
                CyclicBarrier start = new CyclicBarrier(2);
                List<Future<WriteResult>> writes = threads.invokeAll(List.of(
                        () -> {
                            start.await();
                            return WRITER.write(List.of(message("sender", started(id))));
                        },
                        () -> {
                            start.await();
                            return second.write(List.of(
                                    message("sender", verdict(id, START, "judge", Label.FAIL, Verdict.SUCCESS))));
                        }));
                for (Future<WriteResult> write : writes) {
                    assertThat(write.get().rejected()).isZero();
                }
                writeEarlyVerdicts();
                assertThat(DATABASE.value("SELECT verdict FROM tasks WHERE task_id = '" + id + "'"))
                        .isEqualTo("fail");
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** The records of a task arrive in any order, some repeatedly, in any batches. */
    @Property(tries = 60)
    void anyOrderOfRecords_givesTheSameTask(@ForAll Random random) {
        UUID id = new UUID(UuidV7.at(START).getMostSignificantBits(), random.nextLong() & ~(3L << 62) | 1L << 63);
        List<StepRecord> records = new ArrayList<>(List.of(started(id, null), ended(id, TaskStatus.SUCCEEDED, 3)));
        long input = 0;
        for (int number = 1; number <= 3; number++) {
            int tokens = random.nextInt(1_000_000);
            input += tokens;
            // Around midnight UTC, so that the tokens belong to several days.
            Step step = TestRecords.at(Instant.parse("2026-03-01T23:59:58Z").plusSeconds(number), step(id, number));
            records.add(step.withModelCall(ModelCall.ofUsage(Usage.of(tokens, tokens / 2, number))));
        }
        List<Verdict> verdicts = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Label value = Label.values()[random.nextInt(3)];
            verdicts.add(verdict(
                    id, START.plusSeconds(random.nextInt(3)), "judge-" + random.nextInt(2), value, Verdict.SUCCESS));
        }
        records.addAll(verdicts);
        records.addAll(records.subList(0, random.nextInt(records.size())));
        Collections.shuffle(records, random);

        for (int from = 0; from < records.size(); ) {
            int to = Math.min(records.size(), from + 1 + random.nextInt(4));
            write(records.subList(from, to).toArray(StepRecord[]::new));
            from = to;
        }

        assertThat(DATABASE.value(
                        "SELECT concat_ws(' ', sum(steps), sum(input_tokens), sum(cached_tokens) > 0, sum(output_tokens)) "
                                + "FROM task_usage WHERE task_id = '" + id + "'"))
                .startsWith("3 " + input + " ")
                .endsWith(" 6");
        assertThat(DATABASE.value(
                        "SELECT count(*) FROM (SELECT day, input_tokens FROM task_usage WHERE task_id = '" + id
                                + "' EXCEPT SELECT (created_at AT TIME ZONE 'UTC')::date, sum(input_tokens) FROM task_steps "
                                + "WHERE task_id = '" + id + "' GROUP BY 1) AS different"))
                .isEqualTo("0");
        Map<String, Verdict> latest = new TreeMap<>();
        verdicts.forEach(
                each -> latest.merge(each.evaluator(), each, BinaryOperator.maxBy(VerdictWriter.REPLACEMENT_ORDER)));
        assertThat(DATABASE.column(
                        "SELECT judge || ' ' || value FROM verdicts WHERE task_id = '" + id + "' ORDER BY judge"))
                .isEqualTo(latest.values().stream()
                        .map(each -> each.evaluator() + " " + value(each))
                        .toList());
        Verdict counted = Collections.max(
                latest.values(), Comparator.comparing(Verdict::timestamp).thenComparing(Verdict::evaluator));
        assertThat(DATABASE.value("SELECT verdict FROM tasks WHERE task_id = '" + id + "'"))
                .isEqualTo(value(counted));
    }

    private static String value(Verdict verdict) {
        return ((Label) verdict.value()).wireName();
    }

    @Test
    void experimentAndMetadata_canBeFound() {
        write(start(
                task,
                new ExperimentCase("e1", "wifi", 2, Map.of("prompt_version", "7")),
                Map.of("lab", "north", "app", Map.of("version", 3, "beta", true), "list", List.of(1))));

        assertThat(column("concat_ws(' ', experiment, case_id, repeat, attributes)"))
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

    @Test
    void deletedTask_keepsNoJudgement_andLateRecordsAreDropped() {
        write(
                start(task, new ExperimentCase("e1", "wifi", 2, Map.of()), Map.of("lab", "north")),
                step(task, 1).withModelCall(ModelCall.ofUsage(Usage.of(5, null, 6))),
                verdict(1, "judge", Label.FAIL));

        assertThat(new TaskDeletion(DATABASE.database(FunctionLogin.API)).delete(task, "alice"))
                .isTrue();
        write(verdict(2, "judge", Label.PASS), step(task, 2).withModelCall(ModelCall.ofUsage(Usage.of(5, null, 6))));

        for (String table : List.of("verdicts", "task_usage", "task_facets", "task_steps")) {
            assertThat(DATABASE.value("SELECT count(*) FROM " + table + " WHERE task_id = '" + task + "'"))
                    .as(table)
                    .isEqualTo("0");
        }
        assertThat(column("concat_ws(' ', verdict, verdict_source, experiment, case_id, repeat, success)"))
                .isEmpty();
    }

    private static TaskStarted start(UUID task, ExperimentCase place, Map<String, Object> metadata) {
        return with(started(task), "metadata", metadata, "experimentCase", place);
    }
}
