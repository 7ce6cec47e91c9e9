package dev.steptrail.api;

import static dev.steptrail.store.TestRecords.step;
import static dev.steptrail.store.TestRecords.withScreenshot;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.store.Database;
import dev.steptrail.store.FindTask;
import dev.steptrail.store.RecordRead;
import dev.steptrail.store.Task;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who read what is written down. */
class AuditIT extends CallsApi {
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
    void everyReadOfSteps_reports_andScreenshots_isWrittenDown() {
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
    void whoReadsAgainWithinAMinute_stillReads_asWhoPollsDoes() {
        for (int poll = 0; poll < 3; poll++) {
            read(alice, STEPS);
        }

        assertThat(audited()).containsExactly("alice read_steps alice");
    }

    @Test
    void whoReadsAfterAMinute_readsAgain() {
        Database database = DATABASE.database();
        Task read = new FindTask(database).byId(task).orElseThrow();
        Caller caller = new Caller("alice", false);
        AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
        Reads reads = new Reads(new RecordRead(database), now::get);

        for (int seconds : List.of(0, 59, 1, 30, 31)) {
            now.updateAndGet(time -> time.plusSeconds(seconds));
            reads.note(caller, "read_steps", read);
        }

        assertThat(audited())
                .containsExactly("alice read_steps alice", "alice read_steps alice", "alice read_steps alice");
    }

    @Test
    void whatIsNotAnswered_isNoRead() {
        assertThat(bob.get(STEPS, task.toString(), "").status()).isEqualTo(404);
        assertThat(alice.get(STEPS, task.toString(), "limit=0").status()).isEqualTo(400);
        assertThat(alice.get(SCREENSHOT, task + ".1", "role=after").status()).isEqualTo(404);
        assertThat(alice.get(TASK, task.toString(), "").status()).isEqualTo(200); // its own row tells of no step

        assertThat(audited()).isEmpty();
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
