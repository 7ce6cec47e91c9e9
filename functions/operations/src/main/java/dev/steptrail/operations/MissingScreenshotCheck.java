package dev.steptrail.operations;

import dev.steptrail.store.insights.DataProblem;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.retention.ScreenshotCheckRepository;
import dev.steptrail.store.retention.ScreenshotCheckRepository.Change;
import dev.steptrail.store.retention.ScreenshotCheckRepository.ScreenshotKey;
import dev.steptrail.store.retention.ScreenshotCheckRepository.TaskToCheck;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Updates two kinds of findings: steps whose screenshots are missing from the bucket, and screenshots whose steps are
 * missing. Each day it checks the tasks with activity in the last two days, the tasks with such a finding, and 1/32 of
 * the other tasks. Each task is thus checked about once a month.
 */
final class MissingScreenshotCheck {
    private static final Duration RECENT = Duration.ofDays(2);
    private static final int PAGE_SIZE = 200;

    /** A statement is not started with less time, because a timeout would end the run and lose its progress. */
    private static final Duration MIN_STATEMENT_TIME = Duration.ofSeconds(10);

    private static final UUID BEFORE_ALL_TASKS = new UUID(0, 0);
    private static final String CHECKED = "checked_tasks";
    private static final String REPORTED = "reported_tasks";
    private static final String REPAIRED = "repaired_tasks";

    private final Database database;
    private final ScreenshotCheckRepository checks;
    private final BucketClient bucket;
    private final Clock clock;

    MissingScreenshotCheck(Database database, BucketClient bucket, Clock clock) {
        this.database = database;
        this.checks = new ScreenshotCheckRepository(database);
        this.bucket = bucket;
        this.clock = clock;
    }

    /** Checks tasks in the order of their ids. {@code resumeAt} is the last id that was checked. */
    Progress run(Supplier<Duration> remaining, @Nullable String resumeAt) {
        Instant now = clock.instant();
        int slot = Math.floorMod(
                now.getEpochSecond() / Duration.ofDays(1).toSeconds(), ScreenshotCheckRepository.CHECK_SLOTS);
        UUID after = resumeAt == null ? BEFORE_ALL_TASKS : UUID.fromString(resumeAt);
        JobRun run = new JobRun(remaining, CHECKED, REPORTED, REPAIRED, TaskJobs.TASKS_WITH_STRAY_SCREENSHOTS);
        while (true) {
            List<TaskToCheck> page = checks.findTasks(after, now.minus(RECENT), slot, PAGE_SIZE);
            Duration timeout = run.remaining();
            if (timeout.compareTo(MIN_STATEMENT_TIME) < 0) {
                return run.end(after.toString());
            }
            // The findings job does not detect partitions that an operator dropped: their tasks are not marked as
            // changed.
            List<UUID> ids = page.stream().map(TaskToCheck::taskId).toList();
            run.count(
                    TaskJobs.TASKS_WITH_STRAY_SCREENSHOTS,
                    DataProblem.SCREENSHOT_WITHOUT_STEP
                            .update(database, timeout, ids)
                            .marked());
            for (TaskToCheck task : page) {
                if (run.isOutOfTime()) {
                    return run.end(after.toString());
                }
                check(task, run).ifPresent(change -> {
                    run.count(CHECKED, 1);
                    run.count(REPORTED, change == Change.REPORTED ? 1 : 0);
                    run.count(REPAIRED, change == Change.REPAIRED ? 1 : 0);
                });
                after = task.taskId();
            }
            if (page.size() < PAGE_SIZE) {
                return run.end(null);
            }
        }
    }

    /** Checks a task. Returns empty if time runs out. The next run skips the task, so that it never blocks others. */
    private Optional<Change> check(TaskToCheck task, JobRun run) {
        List<ScreenshotKey> referenced = checks.findKeys(task.taskId());
        Set<String> missing =
                referenced.stream().map(ScreenshotKey::key).collect(Collectors.toCollection(HashSet::new));
        // The rows are read before the bucket is listed, so all referenced objects were stored before the listing.
        for (String folder : referenced.stream().map(ScreenshotKey::folder).collect(Collectors.toSet())) {
            for (Iterator<S3Object> objects = bucket.list(folder, null).iterator();
                    !missing.isEmpty() && objects.hasNext(); ) {
                if (run.isOutOfTime()) {
                    return Optional.empty();
                }
                missing.remove(objects.next().key());
            }
        }
        Set<Integer> steps = referenced.stream()
                .filter(screenshot -> missing.contains(screenshot.key()))
                .map(ScreenshotKey::stepNumber)
                .collect(Collectors.toCollection(TreeSet::new));
        return Optional.of(steps.isEmpty() && !task.isReported() ? Change.NONE : checks.report(task.taskId(), steps));
    }
}
