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
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Reports, as findings of the task, steps whose screenshots are missing from the bucket, and screenshots whose steps
 * are missing. Each day it checks the tasks with activity in the last two days, those with such a finding, and one in
 * 32 of the others. Each task is thus checked about once a month.
 */
final class MissingScreenshotCheck {
    private static final Duration RECENT = Duration.ofDays(2);
    private static final int PAGE = 200;

    /** A statement that times out would end the run and lose its progress. */
    private static final Duration MIN_FOR_STATEMENT = Duration.ofSeconds(10);

    private static final UUID FIRST = new UUID(0, 0);

    private final Database database;
    private final ScreenshotCheckRepository checks;
    private final BucketObjects bucket;
    private final Clock clock;

    MissingScreenshotCheck(Database database, BucketObjects bucket, Clock clock) {
        this.database = database;
        this.checks = new ScreenshotCheckRepository(database);
        this.bucket = bucket;
        this.clock = clock;
    }

    /** Checks tasks in the order of their ids. {@code resumeAt} is the last id that was checked. */
    Progress run(Supplier<Duration> remaining, @Nullable String resumeAt) {
        Instant now = clock.instant();
        int share =
                Math.floorMod(now.getEpochSecond() / Duration.ofDays(1).toSeconds(), ScreenshotCheckRepository.SHARES);
        UUID after = resumeAt == null ? FIRST : UUID.fromString(resumeAt);
        long checked = 0;
        long withoutStep = 0;
        Map<Change, Long> changes = new EnumMap<>(Change.class);
        while (true) {
            List<TaskToCheck> page = checks.findTasks(after, now.minus(RECENT), share, PAGE);
            Duration left = remaining.get();
            if (left.compareTo(MIN_FOR_STATEMENT) < 0) {
                return progress(checked, withoutStep, changes, after.toString());
            }
            // Dropping or truncating a partition of steps does not mark tasks as changed, so processing changed tasks
            // does not find it.
            withoutStep += DataProblem.SCREENSHOT_WITHOUT_STEP
                    .update(
                            database,
                            left,
                            page.stream().map(TaskToCheck::taskId).toList())
                    .marked();
            for (TaskToCheck task : page) {
                if (remaining.get().isNegative()) {
                    return progress(checked, withoutStep, changes, after.toString());
                }
                Optional<Change> change = check(task, remaining);
                if (change.isPresent()) {
                    changes.merge(change.get(), 1L, Long::sum);
                    checked++;
                }
                after = task.taskId();
            }
            if (page.size() < PAGE) {
                return progress(checked, withoutStep, changes, null);
            }
        }
    }

    private static Progress progress(
            long checked, long withoutStep, Map<Change, Long> changes, @Nullable String resumeAt) {
        Map<String, Long> counts = Map.of(
                "checked_tasks",
                checked,
                TaskJobs.TASKS_WITH_STRAY_SCREENSHOTS,
                withoutStep,
                "reported_tasks",
                changes.getOrDefault(Change.REPORTED, 0L),
                "repaired_tasks",
                changes.getOrDefault(Change.REPAIRED, 0L));
        return new Progress(counts, resumeAt);
    }

    /** Checks a task. Returns empty if time runs out; the next run then continues with the task after it. */
    private Optional<Change> check(TaskToCheck task, Supplier<Duration> remaining) {
        List<ScreenshotKey> named = checks.findKeys(task.taskId());
        Set<String> gone = named.stream().map(ScreenshotKey::key).collect(Collectors.toCollection(HashSet::new));
        // The rows are read before the bucket is listed, so every object that they name was stored before the listing.
        for (String folder : named.stream().map(ScreenshotKey::folder).collect(Collectors.toSet())) {
            for (Iterator<S3Object> objects = bucket.list(folder, null).iterator();
                    !gone.isEmpty() && objects.hasNext(); ) {
                if (remaining.get().isNegative()) {
                    return Optional.empty();
                }
                gone.remove(objects.next().key());
            }
        }
        Set<Integer> steps = named.stream()
                .filter(screenshot -> gone.contains(screenshot.key()))
                .map(ScreenshotKey::stepNumber)
                .collect(Collectors.toCollection(TreeSet::new));
        return Optional.of(steps.isEmpty() && !task.isReported() ? Change.NONE : checks.report(task.taskId(), steps));
    }
}
