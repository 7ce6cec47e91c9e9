package dev.steptrail.api;

import static dev.steptrail.store.TestRecords.ended;
import static dev.steptrail.store.TestRecords.message;
import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.aws.TestBucket;
import dev.steptrail.report.ExportFailure;
import dev.steptrail.report.ExportFailure.Reason;
import dev.steptrail.report.TasksExportRequest;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.TestRecords;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests exports of many tasks. Each test has its own owner. */
class ExportTasksIT {
    private static final String EXPORT = "GET /api/export";
    private static final TestDatabase DATABASE = TestDatabase.migrated();
    private static final TestBucket BUCKET = TestBucket.empty();
    private static final TestQueue QUEUE = new TestQueue();
    private static final ApiHandler HANDLER =
            new ApiHandler(TestSettings.of(DATABASE, BUCKET.settings("STEPTRAIL_EXPORTS_QUEUE_URL", QUEUE.url())));

    private final String owner = UUID.randomUUID().toString();
    private final UUID first = UuidV7.at(TestRecords.START);
    private final UUID second = UuidV7.at(TestRecords.START);
    private final Api api = new Api(HANDLER, Map.of("sub", owner));
    private final Api admin = new Api(HANDLER, Map.of("sub", "root", "cognito:groups", "[steptrail-admin]"));

    @BeforeEach
    void writeTwo() {
        DATABASE.register("AIDA" + owner, owner);
        write(started(first), step(first, 1), ended(first, TaskStatus.SUCCEEDED, 1));
        write(started(second), step(second, 1), ended(second, TaskStatus.FAILED, 1));
        QUEUE.messages.clear();
    }

    @Test
    void missingExport_isQueued_andThenRedirectedTo() {
        Api.Answer before = api.get(EXPORT, null, "status=failed&text=picture");

        assertThat(before.status()).isEqualTo(202);
        TasksExportRequest requested = takeExport();
        assertThat(requested.caller()).isEqualTo(owner);
        assertThat(requested.filter().owner()).isEqualTo(owner);
        assertThat(requested.filter().status()).isEqualTo("failed");
        assertThat(requested.state()).isEqualTo(before.text("/state"));

        BUCKET.put(requested.key(), new byte[] {1});
        Api.Answer after = api.get(EXPORT, null, "status=failed&text=picture");
        assertThat(after.status()).isEqualTo(302);
        assertThat(after.headers().get("location")).contains(requested.key(), "X-Amz-");
        assertThat(QUEUE.messages).isEmpty();
        assertThat(api.get(EXPORT, null).status()).isEqualTo(202);
    }

    @Test
    void download_isAuditedOnceForTheFile() {
        api.get(EXPORT, null, "status=failed");
        String key = takeExport().key();
        BUCKET.put(key, new byte[] {1});
        assertThat(audited()).isEmpty(); // no export was returned yet

        Api.Answer response = api.get(EXPORT, null, "status=failed&redirect=false");
        assertThat(response.headers())
                .containsEntry("cache-control", "no-store")
                .doesNotContainKeys("etag", "location");
        assertThat(response.text("/url")).contains(key, "X-Amz-Signature=");
        assertThat(Instant.parse(response.text("/expires_at"))).isAfter(Instant.now());
        assertThat(audited()).containsExactly(owner + " " + key);
        admin.get(EXPORT, null, "owner=" + owner);
        String adminKey = takeExport().key();
        BUCKET.put(adminKey, new byte[] {1});
        admin.get(EXPORT, null, "owner=" + owner);

        assertThat(audited()).containsExactly(owner + " " + key, "root " + adminKey);
        assertThat(api.get("GET /api/audit", null, "action=download_export")
                        .json()
                        .get("audit"))
                .hasSize(2);
    }

    @Test
    void download_readsNoTasks_ifTheClientSendsTheState() {
        String state = api.get(EXPORT, null).text("/state");
        BUCKET.put(takeExport().key(), new byte[] {1});
        DATABASE.execute("INSERT INTO tasks (task_id, owner, started_at) SELECT gen_random_uuid(), '" + owner
                + "', now() FROM generate_series(1, 1000)");

        long rows = rowsRead();
        assertThat(api.get(EXPORT, null, "state=" + state).status()).isEqualTo(302);

        assertThat(rowsRead() - rows).isZero();
    }

    @Test
    void export_searchesNoTexts() {
        DATABASE.execute(
                "INSERT INTO tasks (task_id, owner, description, started_at) SELECT gen_random_uuid(), '" + owner
                        + "', long, now() FROM generate_series(1, 100), (SELECT string_agg(md5(i::text), '') AS long"
                        + " FROM generate_series(1, 300) AS i) AS text");
        long blocks = blocksOfTexts();

        assertThat(api.get(EXPORT, null, "text=needle").status()).isEqualTo(202);
        assertThat(blocksOfTexts() - blocks).isZero();

        assertThat(api.get("GET /api/tasks", null, "text=needle").status()).isEqualTo(200);
        assertThat(blocksOfTexts() - blocks).as("of a search").isPositive();
    }

    /** Returns the number of blocks of long texts of tasks that were read in this database. */
    private static long blocksOfTexts() {
        DATABASE.endSessions();
        return Long.parseLong(DATABASE.value(
                "SELECT toast_blks_read + toast_blks_hit FROM pg_statio_user_tables WHERE relname = 'tasks'"));
    }

    /** Returns the number of rows of tasks that scans have returned in this database. */
    private static long rowsRead() {
        DATABASE.endSessions();
        return Long.parseLong(DATABASE.value(
                "SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_user_tables WHERE relname = 'tasks'"));
    }

    @Test
    void changedTasks_areAnotherExport_butAPollingClientGetsItsOwn() {
        String state = api.get(EXPORT, null).text("/state");
        TasksExportRequest requested = takeExport();
        write(step(first, 2));

        assertThat(api.get(EXPORT, null).text("/state")).isNotEqualTo(state);
        assertThat(takeExport().key()).isNotEqualTo(requested.key());
        BUCKET.put(requested.key(), new byte[] {1});
        assertThat(api.get(EXPORT, null).status()).isEqualTo(202);
        assertThat(api.get(EXPORT, null, "state=" + state).status()).isEqualTo(302);
    }

    @Test
    void newStepsOfARunningTaskWithinFiveMinutes_areTheSameExport() {
        UUID running = UuidV7.at(TestRecords.START);
        write(started(running), step(running, 1));
        DATABASE.execute("UPDATE tasks SET received_at = '2026-05-01T10:00:00Z' WHERE task_id = '" + running + "'");
        String state = api.get(EXPORT, null).text("/state");

        DATABASE.execute("UPDATE tasks SET received_at = '2026-05-01T10:04:59Z' WHERE task_id = '" + running + "'");
        assertThat(api.get(EXPORT, null).text("/state")).isEqualTo(state);

        DATABASE.execute("UPDATE tasks SET received_at = '2026-05-01T10:05:00Z' WHERE task_id = '" + running + "'");
        assertThat(api.get(EXPORT, null).text("/state")).isNotEqualTo(state);
    }

    @Test
    void exportMadeBeforeADeletion_isNotReturned() {
        String state = api.get(EXPORT, null).text("/state");
        BUCKET.put(takeExport().key(), new byte[] {1});
        assertThat(api.get(EXPORT, null, "state=" + state).status()).isEqualTo(302);

        api.delete(first);

        assertThat(api.get(EXPORT, null, "state=" + state).status()).isEqualTo(202);
        assertThat(api.get(EXPORT, null).status()).isEqualTo(202);
    }

    @Test
    void tooLargeExport_is422() {
        api.get(EXPORT, null);
        String failure = new ExportFailure(Instant.now().minus(Duration.ofHours(23)), Reason.TOO_LARGE).text();
        BUCKET.put(ExportFailure.key(takeExport().key()), failure.getBytes(StandardCharsets.UTF_8));

        assertThat(api.get(EXPORT, null).problem()).isEqualTo("422 export-too-large");
        assertThat(QUEUE.messages).isEmpty();
        assertThat(audited()).isEmpty();
    }

    @Test
    void export_isNotSharedBetweenCallers() {
        String state = api.get(EXPORT, null).text("/state");
        BUCKET.put(takeExport().key(), new byte[] {1});

        assertThat(admin.get(EXPORT, null, "owner=" + owner + "&state=" + state).status())
                .isEqualTo(202);
        Api other = new Api(HANDLER, Map.of("sub", "other"));
        assertThat(other.get(EXPORT, null, "state=" + state).status()).isEqualTo(202);
        assertThat(other.get(EXPORT, null, "owner=" + owner).status()).isEqualTo(400);
        assertThat(api.get(EXPORT, null, "state=" + state.substring(1)).detail())
                .isEqualTo("state: must be the state of a 202 response, but is \"" + state.substring(1) + "\".");
    }

    private static TasksExportRequest takeExport() {
        return TasksExportRequest.parse(QUEUE.messages.remove()).orElseThrow();
    }

    private List<String> audited() {
        return DATABASE.column(
                "SELECT concat_ws(' ', caller, detail ->> 'export') FROM audit_log WHERE action = 'download_export'"
                        + " AND task_owner = '" + owner + "' ORDER BY at, id");
    }

    private void write(StepRecord... records) {
        DATABASE.write(message("AIDA" + owner, records));
    }
}
