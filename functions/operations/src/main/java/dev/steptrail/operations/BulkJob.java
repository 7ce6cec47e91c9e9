package dev.steptrail.operations;

import dev.steptrail.store.admin.JobRepository.RequestedJob;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.judgements.BulkRepository;
import dev.steptrail.store.judgements.BulkRequest;
import dev.steptrail.store.judgements.BulkResult;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.model.TaskFilter;
import dev.steptrail.store.query.TaskRepository;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Changes the tags or verdicts of the tasks that a filter selects, from the newest to the oldest. Each batch is one
 * transaction that also stores the job's progress, so an attempt after a crash resumes after the last batch. Tasks that
 * start after the request are not changed.
 */
final class BulkJob {
    /** Small, because the tasks of a batch stay locked for some 100 ms, and late steps of these tasks wait. */
    private static final int BATCH_SIZE = 500;

    private final TaskRepository tasks;
    private final BulkRepository bulk;

    BulkJob(Database database) {
        this.tasks = new TaskRepository(database);
        this.bulk = new BulkRepository(database);
    }

    /**
     * Runs an attempt of a job, as far as time allows.
     *
     * @param remaining returns the remaining time; called before each batch
     * @return false if time ran out; another attempt must continue the job
     */
    boolean run(RequestedJob job, Supplier<Duration> remaining) {
        BulkRequest request = BulkRequest.parse(Objects.requireNonNull(job.request()));
        TaskFilter filter = request.filter().startedBefore(job.requestedAt());
        BulkResult result = BulkResult.parse(job.progress());
        TaskRepository.Key after = parse(job.resumeAfter());
        for (Duration timeout = remaining.get(); timeout.toMillis() > 0; timeout = remaining.get()) {
            Optional<TaskRepository.Key> end =
                    filter.isSearch() ? tasks.findSearchEnd(filter, after) : Optional.empty();
            Page<Task> page = tasks.page(filter, after, end.orElse(null), BATCH_SIZE);
            TaskRepository.Key last = page.hasMore()
                    ? TaskRepository.Key.of(page.items().get(page.items().size() - 1))
                    : end.orElse(null);
            Optional<BulkResult> applied = bulk.applyBatch(
                    job,
                    request,
                    page.items().stream().map(Task::taskId).toList(),
                    last == null ? null : last.startedAt() + " " + last.taskId(),
                    result,
                    timeout);
            if (applied.isEmpty()) {
                return false;
            }
            if (last == null) {
                return true;
            }
            result = applied.get();
            after = last;
        }
        return false;
    }

    private static TaskRepository.@Nullable Key parse(@Nullable String resumeAfter) {
        if (resumeAfter == null) {
            return null;
        }
        String[] parts = resumeAfter.split(" ", -1);
        return new TaskRepository.Key(Instant.parse(parts[0]), UUID.fromString(parts[1]));
    }
}
