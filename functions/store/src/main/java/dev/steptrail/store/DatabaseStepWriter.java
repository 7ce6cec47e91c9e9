package dev.steptrail.store;

import dev.steptrail.stepformat.TaskEnded;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Writes batches of messages, each in one transaction: all that a batch holds is kept (as rows, or among the rejected with
 * its reason), or nothing of it. Messages may come in any order, more than once, and at the same time from others; a step is
 * one row however often it comes, and counters are exact.
 */
public final class DatabaseStepWriter {
    private final Database database;
    private final Consumer<Rejected> rejections;

    public DatabaseStepWriter(Database database) {
        this(database, rejected -> {});
    }

    /** @param rejections is told what was rejected, once that is kept, be it now or since before */
    public DatabaseStepWriter(Database database, Consumer<Rejected> rejections) {
        this.database = database;
        this.rejections = rejections;
    }

    /** What a transaction did. */
    private record Written(WriteResult result, List<Rejection> rejected) {}

    /**
     * Writes a batch.
     *
     * @throws StoreException.Unavailable if the database cannot work now: nothing was written, and to try again is right
     * @throws StoreException.Refused if Postgres refuses something in the batch: nothing was written
     */
    public WriteResult write(List<ReceivedMessage> messages) {
        if (messages.isEmpty()) {
            return WriteResult.NONE;
        }
        Written written = database.inTransaction(connection -> write(connection, messages));
        written.rejected().stream()
                .map(rejection -> new Rejected(rejection.fingerprint(), rejection.reason()))
                .forEach(rejections);
        return written.result();
    }

    private static Written write(Connection connection, List<ReceivedMessage> messages) throws SQLException {
        LookUpBatch.Found found = LookUpBatch.in(
                connection, messages.stream().map(ReceivedMessage::names).toList());
        BatchPlan plan = BatchPlan.of(messages, found.senders(), found.tasks());
        if (plan.isOfStepsAlone()) {
            Optional<Written> written = writeBesideOthers(connection, plan, found);
            if (written.isPresent()) {
                return written.get();
            }
        }
        connection.rollback();
        return writeAlone(connection, plan);
    }

    /**
     * Locks the tasks at the end, to count, so that others write steps of the same tasks at the same time. Mostly they write other
     * steps.
     *
     * @return empty if they did not, or a task is no longer as it was found
     */
    private static Optional<Written> writeBesideOthers(Connection connection, BatchPlan plan, LookUpBatch.Found found)
            throws SQLException {
        Stored stored;
        try {
            stored = store(connection, plan, NewSteps.of(plan.tasks(), found.steps(), Map.of()));
        } catch (SQLException e) {
            if (SqlStates.isDuplicateKey(e)) {
                return Optional.empty();
            }
            throw e;
        }
        boolean asFound = stored.tasks().entrySet().stream()
                .allMatch(task -> task.getValue().equals(found.tasks().get(task.getKey())));
        return asFound ? Optional.of(stored.written()) : Optional.empty();
    }

    /** Locks the tasks from here on, and makes those that are not there. */
    private static Written writeAlone(Connection connection, BatchPlan plan) throws SQLException {
        Set<UUID> locked = LockTasks.in(connection, ids(plan));
        Map<UUID, TaskBefore> before = UpsertTasks.in(connection, plan.tasks(), plan.handOvers());
        boolean allLocked = before.entrySet().stream()
                .allMatch(task -> task.getValue() == TaskBefore.NEW || locked.contains(task.getKey()));
        if (before.size() < plan.tasks().size() || !allLocked) {
            // Tried again at once.
            throw new SQLException("somebody made, took or deleted a task just after it was looked up", "40001");
        }
        return store(connection, plan, newSteps(connection, plan, before)).written();
    }

    /** Tells new steps from those that are there already. */
    private static NewSteps newSteps(Connection connection, BatchPlan plan, Map<UUID, TaskBefore> before)
            throws SQLException {
        Collection<TaskArrivals> tasks = plan.tasks();
        List<TaskArrivals.Arrival> mayExist = steps(tasks, id -> before.get(id) != TaskBefore.NEW);
        List<TaskArrivals.Arrival> mayBeAway = steps(tasks, id -> before.get(id) == TaskBefore.ARCHIVED);
        return NewSteps.of(
                tasks,
                mayExist.isEmpty() ? List.of() : FindSteps.in(connection, mayExist),
                mayBeAway.isEmpty() ? Map.of() : FindCountedSteps.in(connection, mayBeAway));
    }

    private static List<TaskArrivals.Arrival> steps(Collection<TaskArrivals> tasks, Predicate<UUID> ofTask) {
        return tasks.stream()
                .filter(task -> ofTask.test(task.taskId()))
                .flatMap(task -> task.steps().stream())
                .toList();
    }

    /** @param tasks how they are, locked */
    private record Stored(Written written, Map<UUID, KnownTask> tasks) {}

    private static Stored store(Connection connection, BatchPlan plan, NewSteps steps) throws SQLException {
        if (!steps.toWrite().isEmpty()) {
            CopySteps.in(connection, steps.toWrite());
        }
        List<Rejection> rejected = new ArrayList<>(plan.rejections());
        rejected.addAll(steps.rejections());
        List<Rejection> newlyRejected = rejected.isEmpty() ? List.of() : InsertRejections.in(connection, rejected);
        Map<UUID, KnownTask> tasks = plan.tasks().isEmpty() ? Map.of() : count(connection, plan, steps, newlyRejected);
        end(connection, plan.tasks());

        WriteResult result = new WriteResult(
                steps.toWrite().size(),
                steps.duplicates(),
                (int) newlyRejected.stream().filter(Rejection::isConflict).count(),
                newlyRejected.size(),
                plan.dropped());
        return new Stored(new Written(result, rejected), tasks);
    }

    private static Map<UUID, KnownTask> count(
            Connection connection, BatchPlan plan, NewSteps steps, List<Rejection> newlyRejected) throws SQLException {
        Map<UUID, Integer> conflicts = new HashMap<>();
        for (Rejection rejection : newlyRejected) {
            if (rejection.isConflict() && rejection.taskId() != null) {
                conflicts.merge(rejection.taskId(), 1, Integer::sum);
            }
        }
        List<TaskChange> changes = plan.tasks().stream()
                .map(task ->
                        TaskChange.of(task.taskId(), steps.of(task.taskId()), conflicts.getOrDefault(task.taskId(), 0)))
                .filter(change -> !change.isNothing())
                .toList();
        return AddCounters.in(connection, ids(plan), changes);
    }

    private static List<UUID> ids(BatchPlan plan) {
        return plan.tasks().stream().map(TaskArrivals::taskId).toList();
    }

    private static void end(Connection connection, Collection<TaskArrivals> tasks) throws SQLException {
        List<TaskEnded> endings =
                tasks.stream().map(TaskArrivals::ended).filter(Objects::nonNull).toList();
        if (!endings.isEmpty()) {
            EndTasks.in(connection, endings);
        }
    }
}
