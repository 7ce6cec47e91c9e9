package dev.steptrail.store.ingest;

import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.SqlStates;
import dev.steptrail.store.jdbc.StoreException;
import dev.steptrail.store.model.StoredStep;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes batches of messages, each in one transaction: all that a batch holds is kept (as rows, or among the rejected with
 * its reason), or nothing of it. Messages may come in any order, more than once, and at the same time from others; a step is
 * one row however often it comes, and counters are exact.
 *
 * <p>Several may write to the same tasks at the same time: a batch locks its tasks at its end, to count. Whoever writes here takes what
 * others may wait for in one order (tasks that it makes, steps, screenshots, rejections, tasks that it locks; each by id), so that no two
 * wait for each other for ever.
 */
public final class DatabaseStepWriter {
    private static final Duration USUAL_LIMIT = Duration.ofMinutes(1);

    /** A batch that met others is begun anew at once, since they are done; met again, after a pause. */
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

    /** What a transaction did. */
    private record Written(
            WriteResult result,
            List<TaskArrivals.Arrival> steps,
            List<Rejection> rejected,
            List<Rejection> newlyRejected) {}

    /** The same, with a minute for each statement. */
    public WriteResult write(List<ReceivedMessage> messages) {
        return write(messages, () -> USUAL_LIMIT);
    }

    /**
     * Writes a batch.
     *
     * @param most how long a statement may take from now on, or wait for others; asked anew whenever the batch is begun anew
     * @throws StoreException.Unavailable if the database cannot work now: nothing was written, and to try again is right
     * @throws StoreException.Refused if Postgres refuses something in the batch: nothing was written
     */
    public WriteResult write(List<ReceivedMessage> messages, Supplier<Duration> most) {
        if (messages.isEmpty()) {
            return WriteResult.NONE;
        }
        Written written = database.inTransaction(connection -> write(connection, messages, most));
        tell(written);
        return written.result();
    }

    private void tell(Written written) {
        written.steps().forEach(step -> listener.wrote(step.taskId(), step.recordedAt()));
        Set<Rejection> fresh = Collections.newSetFromMap(new IdentityHashMap<>());
        fresh.addAll(written.newlyRejected());
        for (Rejection each : written.rejected()) {
            listener.rejected(new Rejected(each.fingerprint(), each.cause(), each.reason(), fresh.contains(each)));
        }
    }

    private static Written write(Connection connection, List<ReceivedMessage> messages, Supplier<Duration> most)
            throws SQLException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<Written> written = tryWriteBatch(connection, messages, most.get());
            if (written.isPresent()) {
                return written.get();
            }
            connection.rollback();
        }
        throw new SQLException("others write the same", "40001");
    }

    /** @return empty if somebody made one of these tasks or steps meanwhile, or a task is no longer as it was found */
    private static Optional<Written> tryWriteBatch(Connection connection, List<ReceivedMessage> messages, Duration most)
            throws SQLException {
        LookUpBatch.Found found = LookUpBatch.in(
                connection, messages.stream().map(ReceivedMessage::names).toList(), most);
        BatchPlan plan = BatchPlan.of(messages, found.senders(), found.tasks());
        List<TaskArrivals> unknown = plan.tasks().stream()
                .filter(task -> !found.tasks().containsKey(task.taskId()))
                .toList();
        if (!unknown.isEmpty() && !TaskWriter.insert(connection, unknown)) {
            return Optional.empty();
        }
        Map<TaskArrivals.Arrival, Boolean> compared = compare(connection, plan.tasks(), found.steps());
        NewSteps steps = NewSteps.of(plan.tasks(), compared, inArchives(connection, plan.tasks(), found.tasks()));
        if (!steps.toWrite().isEmpty()) {
            try {
                CopySteps.in(connection, steps.toWrite());
            } catch (SQLException e) {
                if (SqlStates.isDuplicateKey(e)) {
                    return Optional.empty();
                }
                throw e;
            }
        }
        List<Rejection> rejected = new ArrayList<>(plan.rejections());
        rejected.addAll(steps.rejections());
        List<Rejection> newlyRejected = rejected.isEmpty() ? List.of() : InsertRejections.in(connection, rejected);
        if (!count(connection, named(messages), plan.tasks(), found.tasks(), steps, newlyRejected)) {
            return Optional.empty();
        }
        tell(connection, plan.tasks(), found.tasks());
        end(connection, plan.tasks());

        WriteResult result = new WriteResult(
                steps.toWrite().size(),
                steps.duplicates(),
                (int) newlyRejected.stream().filter(Rejection::isConflict).count(),
                newlyRejected.size(),
                plan.dropped());
        return Optional.of(new Written(result, steps.toWrite(), rejected, newlyRejected));
    }

    private static Set<UUID> named(List<ReceivedMessage> messages) {
        Set<UUID> named = new HashSet<>();
        messages.forEach(message -> named.addAll(message.names().taskIds()));
        return named;
    }

    /** Of the steps whose numbers have rows, whether they say what these say. */
    private static Map<TaskArrivals.Arrival, Boolean> compare(
            Connection connection, Collection<TaskArrivals> tasks, Map<UUID, Set<Integer>> there) throws SQLException {
        List<StepRun> wanted = new ArrayList<>();
        for (TaskArrivals task : tasks) {
            for (int number : there.getOrDefault(task.taskId(), Set.of())) {
                if (!task.ofNumber(number).isEmpty()) {
                    wanted.add(StepRun.of(task.taskId(), number));
                }
            }
        }
        Map<TaskArrivals.Arrival, Boolean> compared = new HashMap<>();
        if (!wanted.isEmpty()) {
            Map<UUID, TaskArrivals> byId = new HashMap<>();
            tasks.forEach(task -> byId.put(task.taskId(), task));
            FindSteps.in(connection, wanted, row -> compare(row, byId.get(row.taskId()), compared));
        }
        return compared;
    }

    private static void compare(
            StoredStep row, @Nullable TaskArrivals task, Map<TaskArrivals.Arrival, Boolean> compared) {
        if (task != null) {
            StepComparison stored = new StepComparison(row);
            task.ofNumber(row.stepNumber()).forEach(arrival -> compared.put(arrival, stored.isSame(arrival.row())));
        }
    }

    private static Map<UUID, Set<Integer>> inArchives(
            Connection connection, Collection<TaskArrivals> tasks, Map<UUID, KnownTask> found) throws SQLException {
        List<TaskArrivals.Arrival> mayBeAway = tasks.stream()
                .filter(task -> isArchived(found.get(task.taskId())))
                .flatMap(task -> task.steps().stream())
                .toList();
        return mayBeAway.isEmpty() ? Map.of() : FindCountedSteps.in(connection, mayBeAway);
    }

    /**
     * Locks all tasks that the batch names, and adds to their counters: those of rejected records too, as such a record of a deleted
     * task must not be kept.
     *
     * @param named by the batch
     * @return whether all that it did not make are as they were found
     */
    private static boolean count(
            Connection connection,
            Set<UUID> named,
            Collection<TaskArrivals> tasks,
            Map<UUID, KnownTask> found,
            NewSteps steps,
            List<Rejection> newlyRejected)
            throws SQLException {
        if (named.isEmpty()) {
            return true;
        }
        Map<UUID, Integer> conflicts = new HashMap<>();
        for (Rejection rejection : newlyRejected) {
            if (rejection.isConflict() && rejection.taskId() != null) {
                conflicts.merge(rejection.taskId(), 1, Integer::sum);
            }
        }
        List<TaskChange> changes = tasks.stream()
                .map(task ->
                        TaskChange.of(task.taskId(), steps.of(task.taskId()), conflicts.getOrDefault(task.taskId(), 0)))
                .filter(change -> !change.isNothing())
                .toList();
        Map<UUID, KnownTask> locked = new HashMap<>(TaskWriter.lockAndCount(connection, named, changes));
        tasks.stream()
                .map(TaskArrivals::taskId)
                .filter(id -> !found.containsKey(id))
                .forEach(locked::remove);
        return locked.equals(found);
    }

    /** What is new of tasks that were there. Nearly all batches tell of announced ones, and nothing but steps. */
    private static void tell(Connection connection, Collection<TaskArrivals> tasks, Map<UUID, KnownTask> found)
            throws SQLException {
        List<TaskArrivals> told = tasks.stream()
                .filter(task -> isTold(task, found.get(task.taskId())))
                .toList();
        if (!told.isEmpty()) {
            TaskWriter.update(connection, told);
        }
    }

    private static boolean isArchived(@Nullable KnownTask task) {
        return task != null && task.archived();
    }

    private static boolean isTold(TaskArrivals task, @Nullable KnownTask before) {
        return before != null && (task.started() != null || task.losses() != null || !before.announced());
    }

    private static void end(Connection connection, Collection<TaskArrivals> tasks) throws SQLException {
        List<TaskEnded> endings =
                tasks.stream().map(TaskArrivals::ended).filter(Objects::nonNull).toList();
        if (!endings.isEmpty()) {
            TaskWriter.end(connection, endings);
        }
    }
}
