package dev.steptrail.store.ingest;

import dev.steptrail.store.ingest.TaskRecords.ReceivedStep;
import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.jdbc.Sql;
import dev.steptrail.store.jdbc.Sql.RowReader;
import dev.steptrail.store.model.Agent;
import dev.steptrail.store.model.RegisteredAgents;
import dev.steptrail.store.model.StoredScreenshot;
import dev.steptrail.store.model.StoredStep;
import dev.steptrail.store.model.TaskLocks;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the stored tasks, agents and step numbers that a batch refers to. */
final class BatchReader {
    /**
     * Selects the rows of ranges of steps. OFFSET 0 makes the planner use one index probe per range, even if its
     * statistics are outdated. For 1000 missing keys in 50 ranges, a probe per key took 5.7 ms, and a probe per range
     * 0.4 ms. The lowest and highest id let the planner prune partitions: planning for all 26 months took longer than
     * the lookup. A generic plan prunes none of them and costs more, so Postgres does not choose it for a prepared
     * statement.
     */
    private static final String IN_RANGES = """
            SELECT s.*
              FROM unnest(?::uuid[], ?::integer[], ?::integer[]) AS k (task_id, first, last)
             CROSS JOIN LATERAL (SELECT %s
                                   FROM %s
                                  WHERE task_id = k.task_id
                                    AND step_number BETWEEN k.first AND k.last
                                    AND task_id BETWEEN ? AND ?
                                 OFFSET 0) AS s
            """;

    private static final String FIND = """
            SELECT set_config('statement_timeout', ?, true);
            %s;
            SELECT %s
              FROM tasks
             WHERE task_id = ANY (?)
             ORDER BY task_id
               FOR KEY SHARE;
            SELECT %s
              FROM agents
             WHERE sender_id = ANY (?);
            %s""".formatted(
                    TaskLocks.LOCK,
                    StoredTaskState.COLUMNS,
                    Agent.ROW.columns(),
                    IN_RANGES.formatted("task_id, step_number", "task_steps"));

    private static final String STEPS =
            IN_RANGES.formatted(StoredStep.ROW.columns(), "task_steps") + " ORDER BY s.task_id, s.step_number";

    private static final String SCREENSHOTS = IN_RANGES.formatted(StoredScreenshot.COLUMNS, "step_screenshots")
            + " ORDER BY s.task_id, s.step_number, s.screenshot_index";

    private static final String COUNTED_WITHOUT_ROW = """
            WITH counted AS MATERIALIZED (
                SELECT task_id,
                       counted_steps + '{}'::int8multirange AS numbers -- decompresses the value once
                  FROM task_processing
                 WHERE task_id = ANY (?)
            )
            SELECT k.task_id,
                   k.step_number
              FROM unnest(?::uuid[], ?::integer[]) AS k (task_id, step_number)
              JOIN counted AS c
                ON c.task_id = k.task_id
               AND k.step_number::bigint <@ c.numbers
             WHERE NOT EXISTS (SELECT
                                 FROM task_steps AS s
                                WHERE s.task_id = k.task_id
                                  AND s.step_number = k.step_number)
            """;

    /** Small, because a step may be larger than a megabyte. */
    private static final int FETCH_SIZE = 32;

    /**
     * The stored rows that a batch refers to.
     *
     * @param taskIds the ids of all tasks in the batch
     * @param tasks the stored tasks among these, by id
     * @param agents the registered agents
     * @param steps the numbers of the stored steps, by task
     */
    record BatchLookup(
            List<UUID> taskIds,
            Map<UUID, StoredTaskState> tasks,
            RegisteredAgents agents,
            Map<UUID, Set<Integer>> steps) {}

    private BatchReader() {}

    /**
     * Reads tasks, agents and step numbers in one round trip. The senders' permissions are not checked yet, so only the
     * numbers of steps are read. Locks prevent retention from deleting rows of these tasks until the transaction ends.
     * Other writers may change the tasks, so {@link TaskWriter#lockAndCount} returns them again for comparison.
     *
     * @param timeout the timeout of each statement of this transaction
     */
    static BatchLookup find(Session session, Collection<ReceivedMessage> messages, Duration timeout)
            throws SQLException {
        List<UUID> taskIds = distinct(messages, ReceivedMessage::taskIds);
        Map<UUID, StoredTaskState> tasks = new HashMap<>();
        List<Agent> agents = new ArrayList<>();
        Map<UUID, Set<Integer>> steps = new HashMap<>();
        List<@Nullable Object> parameters = new ArrayList<>(List.of(
                Session.millis(timeout),
                Sql.array("uuid", taskIds),
                Sql.array(
                        "text",
                        distinct(messages, ReceivedMessage::senderIds).stream()
                                .flatMap(id -> Stream.of(id, RegisteredAgents.withoutSession(id)))
                                .distinct()
                                .toList())));
        Stream<StepNumberRange> ranges = messages.stream().flatMap(message -> message.steps().stream());
        parameters.addAll(StepNumberRange.parameters(ranges));
        RowReader ignored = row -> {};
        session.sql(FIND, parameters.toArray())
                .forEachResult(
                        ignored,
                        ignored,
                        row -> tasks.put(row.getObject("task_id", UUID.class), StoredTaskState.ROW.map(row)),
                        row -> agents.add(Agent.ROW.map(row)),
                        row -> addNumber(steps, row));
        return new BatchLookup(taskIds, tasks, new RegisteredAgents(agents), steps);
    }

    private static <T> List<T> distinct(Collection<ReceivedMessage> messages, Function<ReceivedMessage, Set<T>> field) {
        return messages.stream()
                .flatMap(each -> field.apply(each).stream())
                .distinct()
                .toList();
    }

    private static void addNumber(Map<UUID, Set<Integer>> steps, ResultSet row) throws SQLException {
        steps.computeIfAbsent(row.getObject("task_id", UUID.class), id -> new HashSet<>())
                .add(row.getInt("step_number"));
    }

    /**
     * Returns the numbers of those steps that were counted in the statistics but have no row, by task. A task is
     * archived only after all its steps were counted, so such a step of an archived task is in the archive.
     */
    static Map<UUID, Set<Integer>> findArchived(Session session, Collection<TaskRecords.ReceivedStep> steps)
            throws SQLException {
        Map<UUID, Set<Integer>> archived = new HashMap<>();
        session.sql(
                        COUNTED_WITHOUT_ROW,
                        Sql.array(
                                "uuid",
                                steps.stream()
                                        .map(ReceivedStep::taskId)
                                        .distinct()
                                        .toList()),
                        Sql.column("uuid", steps, ReceivedStep::taskId),
                        Sql.column("integer", steps, ReceivedStep::stepNumber))
                .forEach(row -> addNumber(archived, row));
        return archived;
    }

    /** Passes the stored steps of these numbers to the consumer, one at a time. */
    static void readSteps(Session session, List<StepNumberRange> numbers, Consumer<StoredStep> consumer)
            throws SQLException {
        Object[] ranges = StepNumberRange.parameters(numbers.stream()).toArray();
        session.sql(STEPS, ranges).fetchSize(FETCH_SIZE).query(steps -> session.sql(SCREENSHOTS, ranges)
                .fetchSize(FETCH_SIZE)
                .query(screenshots -> readSteps(steps, new Screenshots(screenshots), consumer)));
    }

    private static ResultSet readSteps(ResultSet rows, Screenshots screenshots, Consumer<StoredStep> consumer)
            throws SQLException {
        while (rows.next()) {
            StoredStep step = StoredStep.ROW.map(rows);
            consumer.accept(step.withScreenshots(screenshots.readAll(step.stepId())));
        }
        return rows;
    }

    /** Iterates over screenshots that are sorted by step. */
    private static final class Screenshots {
        private final ResultSet rows;
        private @Nullable String stepId;

        private Screenshots(ResultSet rows) throws SQLException {
            this.rows = rows;
            moveNext();
        }

        /** Reads the screenshots of a step. Must be called in the order of the rows. */
        private List<StoredScreenshot> readAll(String step) throws SQLException {
            List<StoredScreenshot> screenshots = new ArrayList<>();
            for (; step.equals(stepId); moveNext()) {
                screenshots.add(StoredScreenshot.ROW.map(rows));
            }
            return screenshots;
        }

        private void moveNext() throws SQLException {
            stepId = rows.next() ? rows.getString("task_id") + "." + rows.getInt("step_number") : null;
        }
    }
}
