package dev.steptrail.api;

import static dev.steptrail.store.TestRecords.message;
import static dev.steptrail.store.TestRecords.step;
import static dev.steptrail.store.TestRecords.withScreenshot;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.report.TaskView;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestRecords;
import dev.steptrail.store.admin.AuditLog;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.query.TaskRepository;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests the audit log of reads. */
class AuditIT extends ApiTestBase {
    private static final String AUDIT = "GET /api/audit";
    private static final Map<String, String> READS = Map.of(
            STEPS, "read_steps",
            REPORT, "read_report",
            SCREENSHOTS, "read_screenshots",
            SCREENSHOT, "read_screenshot");

    @BeforeEach
    void writeOne() {
        write(withScreenshot(step(task, 1), FrameRole.BEFORE, key("a.webp")));
    }

    @Test
    void readsOfStepsReportsAndScreenshots_areAudited() {
        READS.forEach((route, action) -> {
            read(alice, route);
            read(admin, route);
        });

        assertThat(audited())
                .containsExactlyInAnyOrderElementsOf(READS.values().stream()
                        .flatMap(action -> List.of("alice " + action + " alice", "root " + action + " alice").stream())
                        .toList());
    }

    @Test
    void repeatedRead_isAuditedOncePerMinute() {
        Database database = DATABASE.database();
        Task read = new TaskRepository(database).find(task).orElseThrow();
        TaskView view = TaskView.full(read, "alice");
        AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
        ReadAuditor auditor = new ReadAuditor(new AuditLog(database), now::get);

        for (int seconds : List.of(0, 59, 1, 30, 31)) {
            now.updateAndGet(time -> time.plusSeconds(seconds));
            auditor.record(view, "read_steps");
        }

        assertThat(audited())
                .containsExactly("alice read_steps alice", "alice read_steps alice", "alice read_steps alice");
    }

    @Test
    void readThatCannotBeAudited_fails() {
        DATABASE.execute("ALTER TABLE audit_log ADD CONSTRAINT no_alice CHECK (caller <> 'alice') NOT VALID");
        try {
            Api.Answer answer = alice.get(STEPS, task);

            assertThat(answer.status()).isEqualTo(500);
            assertThat(answer.body()).doesNotContain("\"steps\"");
        } finally {
            DATABASE.execute("ALTER TABLE audit_log DROP CONSTRAINT no_alice");
        }
        assertThat(alice.get(STEPS, task).status()).isEqualTo(200);
        assertThat(audited()).containsExactly("alice read_steps alice");
    }

    @Test
    void failedRead_isNotAudited() {
        assertThat(bob.get(STEPS, task).status()).isEqualTo(404);
        assertThat(alice.get(STEPS, task, "limit=0").status()).isEqualTo(400);
        assertThat(alice.get(SCREENSHOT, task + ".1", "role=after").status()).isEqualTo(404);
        assertThat(alice.get(TASK, task).status()).isEqualTo(200); // contains no steps, so it is not audited

        assertThat(audited()).isEmpty();
    }

    @Test
    void owner_seesTheEntriesOfTheirTasksOnly() {
        read(alice, STEPS);
        read(admin, REPORT);
        UUID ofHeidi = UuidV7.at(TestRecords.START);
        DATABASE.register("AIDAHEIDI", "heidi").write(message("AIDAHEIDI", step(ofHeidi, 1)));
        admin.get(STEPS, ofHeidi);
        String one = "task_id=" + task;

        assertThat(alice.pages(AUDIT, null, "limit=1&" + one, "audit", "action"))
                .containsExactly(List.of("read_report"), List.of("read_steps"));
        assertThat(rows(alice.get(AUDIT, null, one + "&caller=root").json())).containsExactly("root read_report alice");
        assertThat(rows(alice.get(AUDIT, null, one + "&action=read_steps").json()))
                .containsExactly("alice read_steps alice");
        assertThat(rows(alice.get(AUDIT, null, one + "&until=2026-01-01T00:00:00Z")
                        .json()))
                .isEmpty();
        assertThat(rows(alice.get(AUDIT, null, "task_id=" + ofHeidi).json())).isEmpty();
        assertThat(rows(admin.get(AUDIT, null, "owner=heidi&task_id=" + ofHeidi).json()))
                .containsExactly("root read_steps heidi");
        assertThat(alice.get(AUDIT, null, "owner=heidi").status()).isEqualTo(400);
        assertThat(alice.get(AUDIT, null, "cursor=" + ForgedCursor.of("audit.desc", "+999999999-12-31T23:59:59Z", 1))
                        .status())
                .isEqualTo(400);
    }

    private static List<String> rows(JsonNode page) {
        List<String> rows = new ArrayList<>();
        page.get("audit")
                .forEach(row -> rows.add(row.get("caller").asText() + " "
                        + row.get("action").asText() + " " + row.get("owner").asText()));
        return rows;
    }

    private void read(Api api, String route) {
        assertThat(api.get(route, route.equals(SCREENSHOT) ? task + ".1" : task.toString(), "")
                        .status())
                .isIn(200, 302);
    }

    private List<String> audited() {
        return DATABASE.column("SELECT concat_ws(' ', caller, action, task_owner) FROM audit_log WHERE task_id = '"
                + task + "' ORDER BY at, id");
    }
}
