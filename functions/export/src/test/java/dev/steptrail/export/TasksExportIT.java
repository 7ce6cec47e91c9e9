package dev.steptrail.export;

import static dev.steptrail.store.TestRecords.ended;
import static dev.steptrail.store.TestRecords.message;
import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.report.ExportFailure.Reason;
import dev.steptrail.report.TasksExportRequest;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Losses;
import dev.steptrail.stepformat.ModelCall;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.Usage;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestContext;
import dev.steptrail.store.TestRecords;
import dev.steptrail.store.admin.AgentRepository;
import dev.steptrail.store.ingest.DatabaseStepWriter;
import dev.steptrail.store.judgements.NoteRepository;
import dev.steptrail.store.model.Agent;
import dev.steptrail.store.model.TaskFilter;
import dev.steptrail.store.query.TaskRepository;
import dev.steptrail.store.retention.TaskDeletion;
import dev.steptrail.store.usage.Price;
import dev.steptrail.store.usage.PriceRepository;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tests exports of many tasks as JSON Lines. Each test has its own owner. */
@Tag("slow")
class TasksExportIT extends ExportTestBase {
    private final String owner = UUID.randomUUID().toString();
    private final UUID other = UuidV7.at(TestRecords.START);

    @BeforeEach
    void registerOwner() {
        new AgentRepository(CONNECTION).register(new Agent("AIDA" + owner, owner, List.of()));
    }

    @Test
    void export_containsTheSentRecords_newestTaskFirst() throws Exception {
        List<StepRecord> sent = List.of(
                started(task, null, "打开相机"),
                step(task, 1, TestRecords.THINKING, Map.of("x_battery", 0.82))
                        .withScreenshots(List.of(lost("AIDA" + owner, FrameRole.BEFORE, "a")), List.of()),
                new Losses(task, TestRecords.START.plusSeconds(6), Map.of("queue_full", 3L), Map.of(), Map.of()));
        send(sent.toArray(StepRecord[]::new));
        send(ended(task, TaskStatus.FAILED, 6));
        send(TestRecords.at(TestRecords.START.plusSeconds(60), step(other, 1)));

        List<StepRecord> read = export(all());

        assertThat(read.get(0)).isInstanceOf(Step.class); // of a task whose start has not arrived yet
        assertThat(read.subList(1, 4)).isEqualTo(sent);
        assertThat(read.get(4)).isInstanceOf(TaskEnded.class);
        assertThat(read).hasSize(5);
    }

    @Test
    void judgements_areARecordOfTheirTask_andChangeTheState() {
        send(started(task), ended(task, TaskStatus.SUCCEEDED, 1));
        TasksExportRequest before = key(all());
        new NoteRepository(CONNECTION).add(task, null, "Look here", "ann");
        TasksExportRequest after = key(all());

        handle(after.message());

        assertThat(after.key()).isNotEqualTo(before.key());
        assertThat(text(after).lines())
                .hasSize(3)
                .last()
                .asString()
                .contains("\"record\":\"judgements\"", "Look here", "\"author\":\"ann\"");
    }

    @Test
    void judgementsOfSeveralTasks_areWithTheirTasks_exceptDeletedOnes() throws Exception {
        send(started(task));
        insertJudgements(1203);
        insertTasks(201, "'without judgements'");
        send(TestRecords.at(TestRecords.START.plusSeconds(60), step(other, 1)));
        new NoteRepository(CONNECTION).add(other, null, "Look here", "ann");
        DATABASE.execute("""
                INSERT INTO verdicts (task_id, name, value, source, judge, judged_at, deleted_at)
                SELECT task_id, 'success', 'pass', 'automatic', 'judge', now(), now() FROM tasks
                 WHERE owner = '%s' AND description = 'without judgements'
                """.formatted(owner));
        TasksExportRequest request = key(all());

        handle(request.message());

        List<String> lines = text(request).lines().toList();
        assertThat(lines).hasSize(2 + 2 + 201);
        assertThat(lines.get(1)).contains(other.toString(), "\"verdicts\":[],\"labels\":[],", "Look here");
        assertThat(lines.get(3)).contains(task.toString());
        assertContainsJudgements(lines.get(3), 1203);
    }

    @Test
    void judgementsAndTokens_areReadWithFewStatementsPerPageOfTasks() throws Exception {
        insertTasks(150, "'judged'");
        DATABASE.execute("""
                INSERT INTO notes (task_id, author, text)
                SELECT task_id, 'ann', 'note of ' || task_id FROM tasks WHERE owner = '%1$s';
                INSERT INTO task_usage (task_id, day, steps, input_tokens, cached_tokens, output_tokens)
                SELECT task_id, '2026-03-01', 1, 7, 0, 7 FROM tasks WHERE owner = '%1$s'
                """.formatted(owner));
        TasksExportRequest request = key(all());
        long before = transactions();

        handle(request.message());

        assertThat(transactions() - before).as("one per task for its steps").isBetween(150L, 200L);
        assertThat(text(request).lines().filter(line -> line.contains("\"record\":\"judgements\"")))
                .hasSize(150)
                .allSatisfy(line -> assertThat(line)
                        .contains("\"input_tokens\":7")
                        .containsPattern("\"task_id\":\"([-0-9a-f]+)\".*\"text\":\"note of \\1\""));
    }

    private static long transactions() throws InterruptedException {
        CONNECTION.close();
        DATABASE.awaitEndOfSessions();
        return Long.parseLong(
                DATABASE.value("SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()"));
    }

    @Test
    void changedOrDeletedPrice_changesTheStateAndTheCost() {
        send(started(task), step(task, 1).withModelCall(ModelCall.ofUsage(Usage.of(1_000_000, null, 0))));
        PriceRepository prices = new PriceRepository(CONNECTION);
        Price price = new Price("glm", LocalDate.of(2026, 1, 1), "USD", BigDecimal.ONE, BigDecimal.ONE, BigDecimal.ONE);
        TasksExportRequest unpriced = key(all());

        prices.set(price, "root");
        TasksExportRequest priced = key(all());
        handle(priced.message());
        prices.set(new Price("glm", price.validFrom(), "USD", BigDecimal.TEN, BigDecimal.ONE, BigDecimal.ONE), "root");
        TasksExportRequest changed = key(all());
        handle(changed.message());
        prices.delete(PriceRepository.Key.of(price), "root");

        assertThat(text(priced)).contains("{\"amounts\":{\"USD\":\"1\"},");
        assertThat(text(changed)).contains("{\"amounts\":{\"USD\":\"10\"},");
        assertThat(List.of(unpriced.key(), priced.key(), changed.key())).doesNotHaveDuplicates();
        assertThat(key(all()).key()).isEqualTo(unpriced.key());
    }

    private static String text(TasksExportRequest request) {
        return new String(stored(request.key()).orElseThrow(), StandardCharsets.UTF_8);
    }

    @Test
    void filters_selectTasks_andTheReadIsAudited() throws Exception {
        send(started(task), ended(task, TaskStatus.FAILED, 1));
        send(started(other), ended(other, TaskStatus.SUCCEEDED, 1));
        TaskFilter failed =
                new TaskFilter(owner, "failed", null, null, null, null, null, null, List.of(), null, null, null);

        assertThat(export(failed)).hasSize(2).allMatch(record -> record.taskId().equals(task));
        assertThat(DATABASE.column("SELECT concat_ws(' ', caller, action, task_id) FROM audit_log"
                        + " WHERE task_owner = '" + owner + "'"))
                .containsExactly("root read_export " + task);

        DATABASE.execute("UPDATE tasks SET status = 'archived' WHERE owner = '" + owner + "'");
        assertThat(export(failed)).isEmpty();
        assertThat(export(all())).as("archived tasks").containsExactlyInAnyOrder(started(task), started(other));
    }

    @Test
    void exportRequestedBeforeADeletion_isNotMade() throws Exception {
        send(started(task), step(task, 1));
        TasksExportRequest key = key(all());
        new TaskDeletion(CONNECTION).delete(task, owner);

        handle(key.message());

        assertThat(stored(key.key())).isEmpty();
        assertThat(export(all())).isEmpty();
    }

    @Test
    void search_findsTasksBeyondThePartThatOneStatementSearches() throws Exception {
        insertTasks(10_050, "CASE WHEN n IN (1, 40, 10050) THEN 'Needle' ELSE 'hay' END");
        insertTasks(80, "CASE WHEN n % 40 = 1 THEN 'a needle ' ELSE '' END || repeat('Ab', 131000)");

        List<StepRecord> read = export(
                new TaskFilter(owner, null, null, null, null, null, null, "needle", List.of(), null, null, null));

        assertThat(read).hasSize(5);
    }

    @Test
    void exportThatExceedsTheTimeLimit_isNotStored_andNotRetried() {
        send(started(task), step(task, 1));
        TasksExportRequest key = key(all());
        TestContext hurried = new TestContext(Duration.ofMinutes(2));

        try (ExportHandler handler = new ExportHandler(SETTINGS)) {
            handler.handleRequest(ExportEvents.event(key.message()), hurried);
        }

        assertThat(hurried.logged())
                .contains("\"level\":\"WARN\"", "\"failure\":\"ExportTooLargeException at dev.steptrail.export.");
        assertThat(hurried.metricLines()).singleElement().asString().contains("\"ExportsTooLarge\":1");
        assertThat(stored(key.key())).isEmpty();
        assertThat(failure(key.key()).orElseThrow().reason()).isEqualTo(Reason.TOO_LARGE);
    }

    private TaskFilter all() {
        return TaskFilter.forOwner(owner);
    }

    private TasksExportRequest key(TaskFilter filter) {
        TaskRepository.State now = new TaskRepository(CONNECTION).state(filter);
        return TasksExportRequest.of("root", filter, now);
    }

    private List<StepRecord> export(TaskFilter filter) throws Exception {
        TasksExportRequest key = key(filter);
        handle(key.message());
        String records = new String(stored(key.key()).orElseThrow(), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.contains("\"record\":\"judgements\"")) // not in the step format
                .collect(Collectors.joining("\n"));
        return records.isEmpty() ? new ArrayList<>() : ExportIT.records(records.getBytes(StandardCharsets.UTF_8));
    }

    private void insertTasks(int count, String description) {
        DATABASE.execute("INSERT INTO tasks (task_id, owner, description, start_received, started_at)"
                + " SELECT gen_random_uuid(), '" + owner + "', " + description + ", true, to_timestamp(n)"
                + " FROM generate_series(1, " + count + ") AS n");
    }

    private void send(StepRecord... records) {
        new DatabaseStepWriter(CONNECTION).write(List.of(message("AIDA" + owner, records)));
    }
}
