package dev.steptrail.store.ingest;

import dev.steptrail.stepformat.Verdict;
import dev.steptrail.store.ingest.TaskRecords.ReceivedStep;
import dev.steptrail.store.ingest.WriteListener.Rejected;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.jdbc.SqlStates;
import dev.steptrail.store.jdbc.StoreException;
import dev.steptrail.store.model.StoredStep;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes batches of messages, each in one transaction: either all records of a batch are stored, as rows or as rejected
 * messages, or none. Messages may arrive in any order, more than once, and at several writers concurrently. A step that
 * arrives repeatedly is stored once, and counters are exact.
 *
 * <p>Several sessions may write to the same tasks concurrently, because a batch locks its tasks only at its end, to
 * update counters. All sessions lock in the same order, which prevents deadlocks: {@link EarlyVerdicts}, inserted
 * tasks, steps, screenshots, rejections, existing tasks, each sorted by id. The tokens and verdicts of a task are
 * written while the task is locked.
 */
public final class DatabaseStepWriter {
    private static final Duration STATEMENT_TIMEOUT = Duration.ofMinutes(1);

    /** The number of attempts without a delay. After the last one, {@link Database} retries with a delay. */
    private static final int ATTEMPTS = 3;

    private final Database database;
    private final WriteListener listener;

    public DatabaseStepWriter(Database database) {
        this(database, WriteListener.NONE);
    }

    public DatabaseStepWriter(Database database, WriteListener listener) {
        this.database = database;
        this.listener = listener;
    }

    private record BatchResult(WriteResult result, List<ReceivedStep> steps, List<Rejected> rejected) {}

    /** Returns the messages of an attempt, which runs in the transaction that writes them. */
    @FunctionalInterface
    private interface MessageSource {
        List<ReceivedMessage> get(Session session) throws SQLException;
    }

    /** Writes a batch, with a timeout of one minute per statement. */
    public WriteResult write(List<ReceivedMessage> messages) {
        return write(messages, () -> STATEMENT_TIMEOUT);
    }

    /**
     * Writes a batch.
     *
     * @param limit returns the time limit of each statement, including waits; called for each attempt
     * @throws StoreException.Unavailable if the database is unavailable; nothing was written, so the call can be
     *     repeated
     * @throws StoreException.DataRejected if Postgres rejects the data; nothing was written
     */
    public WriteResult write(List<ReceivedMessage> messages, Supplier<Duration> limit) {
        return messages.isEmpty() ? WriteResult.NONE : write(session -> messages, limit);
    }

    /**
     * Writes up to 200 verdicts that wait although their task is stored, and rejects those whose task has not arrived
     * within a day.
     *
     * @param timeout the timeout of each statement
     * @return the number of these verdicts; 0 if none is left
     */
    public int writeEarlyVerdicts(Duration timeout) {
        AtomicInteger count = new AtomicInteger();
        write(
                session -> {
                    List<ReceivedMessage> due = EarlyVerdicts.takeDue(session);
                    count.set(due.size());
                    return due;
                },
                () -> timeout);
        return count.get();
    }

    private WriteResult write(MessageSource messages, Supplier<Duration> limit) {
        BatchResult written = database.inTransaction(session -> write(session, messages, limit));
        written.steps().forEach(step -> listener.onWritten(step.taskId(), step.recordedAt()));
        written.rejected().forEach(listener::onRejected);
        return written.result();
    }

    private static BatchResult write(Session session, MessageSource messages, Supplier<Duration> limit)
            throws SQLException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<BatchResult> written = tryWriteBatch(session, messages.get(session), limit.get());
            if (written.isPresent()) {
                return written.get();
            }
            session.rollback();
        }
        throw new SQLException("concurrent writers changed the same tasks or steps", "40001");
    }

    /** Returns empty if another writer concurrently inserted one of these tasks or steps, or changed a task. */
    private static Optional<BatchResult> tryWriteBatch(Session session, List<ReceivedMessage> messages, Duration limit)
            throws SQLException {
        BatchReader.BatchLookup lookup = BatchReader.find(session, messages, limit);
        BatchPlan plan = BatchPlan.create(messages, lookup.agents(), lookup.tasks());
        List<ReceivedMessage> early = EarlyVerdicts.take(
                session,
                newTasks(plan, lookup).stream().map(TaskRecords::taskId).toList());
        if (early.isEmpty()) {
            return tryWrite(session, lookup, plan);
        }
        List<ReceivedMessage> all =
                Stream.concat(messages.stream(), early.stream()).toList();
        BatchReader.BatchLookup lookupOfAll = BatchReader.find(session, all, limit);
        return tryWrite(session, lookupOfAll, BatchPlan.create(all, lookupOfAll.agents(), lookupOfAll.tasks()));
    }

    private static Optional<BatchResult> tryWrite(Session session, BatchReader.BatchLookup lookup, BatchPlan plan)
            throws SQLException {
        if (!TaskWriter.insert(session, newTasks(plan, lookup))) {
            return Optional.empty();
        }
        plan.classifySteps(
                compare(session, plan.tasks(), lookup.steps()), findArchived(session, plan.tasks(), lookup.tasks()));
        if (!plan.newSteps().isEmpty()) {
            try {
                StepCopier.copy(session, plan.newSteps());
            } catch (SQLException e) {
                if (SqlStates.isDuplicateKey(e)) {
                    return Optional.empty();
                }
                throw e;
            }
        }
        List<Rejection> rejected = new ArrayList<>(plan.rejections());
        rejected.addAll(EarlyVerdicts.insert(session, plan.early()));
        List<Verdict> verdicts = VerdictWriter.applyLimit(session, plan.tasks(), rejected);
        List<Rejection> newlyRejected = rejected.isEmpty() ? List.of() : Rejection.insert(session, rejected);
        if (!lockAndCount(session, lookup, plan, newlyRejected)) {
            return Optional.empty();
        }
        TaskWriter.update(
                session,
                plan.tasks().stream()
                        .filter(task -> isChanged(task, lookup.tasks().get(task.taskId())))
                        .toList());
        TaskWriter.revokeShares(
                session,
                plan.tasks().stream()
                        .filter(task -> isTransferred(task, lookup.tasks().get(task.taskId())))
                        .map(TaskRecords::taskId)
                        .toList());
        TaskWriter.end(
                session,
                plan.tasks().stream()
                        .map(TaskRecords::ended)
                        .filter(Objects::nonNull)
                        .toList());
        TaskWriter.addUsage(session, plan.newSteps());
        VerdictWriter.write(session, verdicts);

        WriteResult result = new WriteResult(
                plan.newSteps().size(),
                plan.duplicates(),
                (int) newlyRejected.stream().filter(Rejection::isConflict).count(),
                newlyRejected.size(),
                plan.dropped());
        return Optional.of(new BatchResult(result, plan.newSteps(), describe(rejected, newlyRejected)));
    }

    private static List<TaskRecords> newTasks(BatchPlan plan, BatchReader.BatchLookup lookup) {
        return plan.tasks().stream()
                .filter(task -> !lookup.tasks().containsKey(task.taskId()))
                .toList();
    }

    private static List<Rejected> describe(List<Rejection> rejected, List<Rejection> newlyRejected) {
        Set<Rejection> inserted = Collections.newSetFromMap(new IdentityHashMap<>());
        inserted.addAll(newlyRejected);
        return rejected.stream()
                .map(each -> new Rejected(each.fingerprint(), each.cause(), each.reason(), inserted.contains(each)))
                .toList();
    }

    /** Returns the steps whose number is stored, each with whether it equals the stored step. */
    private static Map<ReceivedStep, Boolean> compare(
            Session session, Collection<TaskRecords> tasks, Map<UUID, Set<Integer>> existing) throws SQLException {
        List<StepNumberRange> ranges = new ArrayList<>();
        for (TaskRecords task : tasks) {
            for (int number : existing.getOrDefault(task.taskId(), Set.of())) {
                if (!task.withNumber(number).isEmpty()) {
                    ranges.add(StepNumberRange.of(task.taskId(), number));
                }
            }
        }
        Map<ReceivedStep, Boolean> compared = new HashMap<>();
        if (!ranges.isEmpty()) {
            Map<UUID, TaskRecords> byId = new HashMap<>();
            tasks.forEach(task -> byId.put(task.taskId(), task));
            BatchReader.readSteps(session, ranges, row -> compare(row, byId.get(row.taskId()), compared));
        }
        return compared;
    }

    private static void compare(StoredStep row, @Nullable TaskRecords task, Map<ReceivedStep, Boolean> compared) {
        if (task != null) {
            task.withNumber(row.stepNumber())
                    .forEach(step -> compared.put(step, StepComparison.isSame(row, step.row())));
        }
    }

    private static Map<UUID, Set<Integer>> findArchived(
            Session session, Collection<TaskRecords> tasks, Map<UUID, StoredTaskState> stored) throws SQLException {
        List<ReceivedStep> candidates = tasks.stream()
                .filter(task -> {
                    StoredTaskState state = stored.get(task.taskId());
                    return state != null && state.archived();
                })
                .flatMap(task -> task.steps().stream())
                .toList();
        return candidates.isEmpty() ? Map.of() : BatchReader.findArchived(session, candidates);
    }

    /**
     * Locks all tasks of the batch and adds to their counters. This includes tasks of rejected records, because
     * rejected records of a deleted task must not be stored.
     *
     * @return false if another writer changed one of the tasks since they were read
     */
    private static boolean lockAndCount(
            Session session, BatchReader.BatchLookup lookup, BatchPlan plan, List<Rejection> newlyRejected)
            throws SQLException {
        if (lookup.taskIds().isEmpty()) {
            return true;
        }
        Map<UUID, Integer> conflicts = new HashMap<>();
        for (Rejection rejection : newlyRejected) {
            if (rejection.isConflict() && rejection.taskId() != null) {
                conflicts.merge(rejection.taskId(), 1, Integer::sum);
            }
        }
        Map<UUID, List<ReceivedStep>> newSteps =
                plan.newSteps().stream().collect(Collectors.groupingBy(ReceivedStep::taskId));
        List<TaskWriter.CounterIncrements> changes = plan.tasks().stream()
                .map(task -> TaskWriter.CounterIncrements.of(
                        task.taskId(),
                        newSteps.getOrDefault(task.taskId(), List.of()),
                        conflicts.getOrDefault(task.taskId(), 0)))
                .filter(change -> !change.isZero())
                .toList();
        Map<UUID, StoredTaskState> locked = new HashMap<>(TaskWriter.lockAndCount(session, lookup.taskIds(), changes));
        plan.tasks().stream()
                .map(TaskRecords::taskId)
                .filter(id -> !lookup.tasks().containsKey(id)) // inserted by this batch
                .forEach(locked::remove);
        return locked.equals(lookup.tasks());
    }

    /** Returns whether the batch changes the owner of a stored task. */
    private static boolean isTransferred(TaskRecords task, @Nullable StoredTaskState before) {
        return before != null && !before.owner().equals(task.owner());
    }

    /** Returns whether the batch changes more than the counters of a stored task, which is rare. */
    private static boolean isChanged(TaskRecords task, @Nullable StoredTaskState before) {
        return before != null && (task.started() != null || task.losses() != null || !before.startReceived());
    }
}
