package dev.steptrail.operations;

import static dev.steptrail.store.TestRecords.START;
import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.UuidV7;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MissingScreenshotCheckIT extends BucketTestBase {
    private static final String FINDINGS =
            "SELECT concat_ws(' ', task_id, kind, steps) FROM findings ORDER BY task_id, kind";

    private final MissingScreenshotCheck job = job(0);

    @Test
    void missingScreenshot_isReportedOnce_andClearedWhenItExistsAgain() {
        DATABASE.write(seen(1, stored(key("a"))), seen(2, key("b")), seen(3, stored(key("c"))), step(task, 4));
        DATABASE.execute("UPDATE step_screenshots SET thumbnail_path = '" + key("t") + "' WHERE step_number = 3");

        assertThat(job.run(A_MINUTE, null)).isEqualTo(progress(1, 1, 0));
        assertThat(job.run(A_MINUTE, null)).isEqualTo(progress(1, 0, 0));
        assertThat(DATABASE.column(FINDINGS)).containsExactly(task + " missing_screenshot {2,3}");

        stored(key("t"));
        assertThat(job.run(A_MINUTE, null)).isEqualTo(progress(1, 1, 0));
        assertThat(DATABASE.column(FINDINGS)).containsExactly(task + " missing_screenshot {2}");

        stored(key("b"));
        assertThat(job.run(A_MINUTE, null)).isEqualTo(progress(1, 0, 1));
        assertThat(DATABASE.column(FINDINGS)).isEmpty();
    }

    @Test
    void missingFolder_isReported_whenOthersExist_andOtherFindingsAreUnchanged() {
        stored("screenshots/sender/" + UUID.randomUUID() + "/a");
        DATABASE.write(seen(1, key("a")));
        DATABASE.execute("INSERT INTO findings (task_id, kind, steps) VALUES ('" + task + "', 'loop', '{1}')");

        assertThat(job.run(A_MINUTE, null)).isEqualTo(progress(1, 1, 0));

        assertThat(DATABASE.column(FINDINGS)).containsExactly(task + " loop {1}", task + " missing_screenshot {1}");
    }

    @Test
    void archivedOrDeletedTask_isNotReported() {
        DATABASE.write(seen(1, key("a")));

        DATABASE.execute("UPDATE tasks SET status = 'archived'");
        DATABASE.execute("DELETE FROM step_screenshots");
        DATABASE.execute("DELETE FROM task_steps");
        assertThat(job.run(A_MINUTE, null)).isEqualTo(progress(0, 0, 0));
        DATABASE.execute("UPDATE tasks SET status = 'deleted', deleted_at = now()");
        assertThat(job.run(A_MINUTE, null)).isEqualTo(progress(0, 0, 0));

        assertThat(DATABASE.column(FINDINGS)).isEmpty();
    }

    /** The shipper does not upload a screenshot again that the previous step had, and retention has deleted it. */
    @Test
    void screenshotOfALateStepOfAnArchivedTask_isReported() {
        DATABASE.write(seen(1, key("a")));
        DATABASE.execute("UPDATE tasks SET status = 'archived', archived_status = 'succeeded'");

        assertThat(job.run(A_MINUTE, null)).isEqualTo(progress(1, 1, 0));

        assertThat(DATABASE.column(FINDINGS)).containsExactly(task + " missing_screenshot {1}");
    }

    @Test
    void screenshotsWithoutStepOfAnUnchangedTask_areReported() {
        DATABASE.write(seen(1, stored(key("a"))), seen(2, stored(key("b"))));
        DATABASE.execute("DELETE FROM task_steps WHERE step_number = 2");

        assertThat(job.run(A_MINUTE, null).counts()).containsEntry("screenshot_without_step_marked", 1L);
        assertThat(job.run(A_MINUTE, null).counts()).containsEntry("screenshot_without_step_marked", 0L);

        assertThat(DATABASE.column(FINDINGS)).containsExactly(task + " screenshot_without_step {2}");
    }

    @Test
    void inactiveTask_isCheckedOnceIn32Days_orDailyWhileItHasAFinding() {
        DATABASE.write(seen(1, stored(key("a"))));

        assertThat(LongStream.range(3, 35).map(this::checkedInDays).sum()).isEqualTo(1);
        DATABASE.execute("UPDATE step_screenshots SET screenshot_path = '" + key("gone") + "'");
        job.run(A_MINUTE, null);
        assertThat(LongStream.range(3, 13).map(this::checkedInDays).sum()).isEqualTo(10);
    }

    @Test
    void run_outOfTime_leavesTheRestForTheNextRun() {
        List<UUID> tasks = IntStream.range(0, 3)
                .mapToObj(second -> UuidV7.at(START.plusSeconds(second)))
                .toList();
        tasks.forEach(id -> DATABASE.write(step(id, 1)));
        var times = Stream.of(60, 0, -1).map(Duration::ofSeconds).iterator();

        Progress firstRun = job.run(times::next, null);

        assertThat(firstRun)
                .isEqualTo(new Progress(progress(1, 0, 0).counts(), tasks.get(0).toString()));
        assertThat(job.run(A_MINUTE, firstRun.resumeAt())).isEqualTo(progress(2, 0, 0));
    }

    @Test
    void taskWithMoreObjectsThanTimeAllows_doesNotBlockTheNext() {
        UUID next = UuidV7.at(START.plusSeconds(1));
        stored(key("a"));
        stored(key("b"));
        DATABASE.write(seen(1, key("gone")));
        DATABASE.write(step(next, 1));
        var times = Stream.of(60, 0, -1, -1).map(Duration::ofSeconds).iterator();

        Progress firstRun = job.run(times::next, null);

        assertThat(firstRun).isEqualTo(new Progress(progress(0, 0, 0).counts(), task.toString()));
        assertThat(job.run(A_MINUTE, firstRun.resumeAt())).isEqualTo(progress(1, 0, 0));
    }

    private MissingScreenshotCheck job(long days) {
        return new MissingScreenshotCheck(OPERATIONS, objects, inDays(days));
    }

    private long checkedInDays(long days) {
        return job(days).run(A_MINUTE, null).counts().get("checked_tasks");
    }

    private static Progress progress(long checked, long reported, long repaired) {
        return new Progress(
                Map.of(
                        "checked_tasks", checked,
                        "reported_tasks", reported,
                        "repaired_tasks", repaired,
                        "screenshot_without_step_marked", 0L),
                null);
    }
}
