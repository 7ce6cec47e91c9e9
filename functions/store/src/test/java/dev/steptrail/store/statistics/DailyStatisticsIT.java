package dev.steptrail.store.statistics;

import static dev.steptrail.store.TestRecords.START;
import static dev.steptrail.store.TestRecords.at;
import static dev.steptrail.store.TestRecords.message;
import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.admin.AgentRepository;
import dev.steptrail.store.ingest.DatabaseStepWriter;
import dev.steptrail.store.insights.ChangedTaskProcessor;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.model.Agent;
import dev.steptrail.store.model.StoredStep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class DailyStatisticsIT {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final TestDatabase DATABASE = TestDatabase.migrated();
    private static final Database CONNECTION = DATABASE.database();
    private static final DatabaseStepWriter WRITER = new DatabaseStepWriter(CONNECTION);
    private static final ChangedTaskProcessor PROCESSOR = new ChangedTaskProcessor(CONNECTION);
    private static final DailyStatistics STATISTICS = new DailyStatistics(CONNECTION);

    /** Recounts all steps that were ever written. */
    private static final String RECOUNT = """
            SELECT (s.created_at AT TIME ZONE 'UTC')::date AS day,
                   t.owner,
                   coalesce(t.agent, ''),
                   coalesce(t.model, ''),
                   coalesce(t.device_id, ''),
                   s.step_type,
                   count(*),
                   count(*) FILTER (WHERE s.success),
                   count(*) FILTER (WHERE NOT s.success),
                   sum(s.duration_ms)::bigint
              FROM ever AS s
              JOIN tasks AS t USING (task_id)
             WHERE t.deleted_at IS NULL
             GROUP BY 1, 2, 3, 4, 5, 6""";

    private static final String COUNTED = """
            SELECT day, owner, agent, model, device_id, step_type, total_steps, successful_steps, failed_steps, total_duration_ms
              FROM step_stats_daily""";

    private static final String COUNTED_ACTIONS = """
            SELECT day, owner, agent, model, device_id, step_type, sum(total_steps), sum(successful_steps), sum(failed_steps),
                   sum(total_duration_ms)::bigint
              FROM action_stats_daily
             GROUP BY 1, 2, 3, 4, 5, 6""";

    private static final String TASKS = """
            SELECT (started_at AT TIME ZONE 'UTC')::date,
                   owner,
                   coalesce(agent, ''),
                   coalesce(end_reason, CASE status WHEN 'archived' THEN archived_status ELSE status END, status),
                   count(*),
                   sum(total_steps)
              FROM tasks
             WHERE deleted_at IS NULL
             GROUP BY 1, 2, 3, 4""";

    private static final String COUNTED_TASKS = """
            SELECT day, owner, agent, end_reason, sum(total_tasks), sum(total_steps)
              FROM task_totals_daily
             GROUP BY 1, 2, 3, 4""";

    static {
        new AgentRepository(CONNECTION).register(new Agent("sender", "alice", List.of("bob")));
        DATABASE.execute("CREATE TABLE ever (LIKE task_steps INCLUDING INDEXES)");
    }

    @Property(tries = 3)
    void statistics_equalARecount_afterAnyArrivalDeletionArchivalOrRestore(@ForAll long seed) {
        Random random = new Random(seed);
        List<UUID> tasks = Stream.generate(() -> UuidV7.at(START)).limit(8).toList();
        for (int round = 0; round < 40; round++) {
            UUID task = tasks.get(random.nextInt(tasks.size()));
            switch (random.nextInt(10)) {
                case 0 -> write(started(task, random.nextBoolean() ? "bob" : null));
                case 1 -> archive(task);
                case 2 -> restore(task);
                case 3 -> delete(random.nextInt(4) == 0 ? task : new UUID(0, 0));
                case 4 -> PROCESSOR.processNext(3, LIMIT);
                case 5 -> STATISTICS.rebuild(2, LIMIT);
                default -> write(someSteps(task, random));
            }
        }

        keepAll();
        rollUp();

        assertThat(differences()).isEmpty();
    }

    @Test
    void stepsThatArriveDuringARebuild_areCountedEventually() throws Exception {
        List<UUID> tasks = Stream.generate(() -> UuidV7.at(START)).limit(4).toList();
        ExecutorService pool = Executors.newFixedThreadPool(2);
        List<Future<?>> writers = new ArrayList<>();
        for (int first = 1; first <= 2; first++) {
            int from = first;
            writers.add(pool.submit(() -> writeEverySecond(tasks, from)));
        }
        while (!writers.stream().allMatch(Future::isDone)) {
            rollUp();
        }
        for (Future<?> writer : writers) {
            writer.get();
        }
        pool.shutdown();

        keepAll();
        rollUp();

        assertThat(differences()).isEmpty();
    }

    @Test
    void namesOfMaximumLength_doNotBreakARebuild() {
        UUID task = UuidV7.at(START);
        write(step(task, 1));
        Random random = new Random(1);
        DATABASE.execute(
                "UPDATE tasks SET received_at = now(), owner = '%s', agent = '%s', model = '%s', device_id = '%s'"
                                .formatted(
                                        letters(random, 256),
                                        letters(random, 256),
                                        letters(random, 256),
                                        letters(random, 256))
                        + " WHERE task_id = '" + task + "'");
        DATABASE.execute(
                "UPDATE task_steps SET step_type = '%s', step_data = '{\"action\":{\"action\":\"%s\"}}' WHERE task_id = '%s'"
                        .formatted(letters(random, 100), letters(random, 100), task));

        rollUp();

        for (String table : List.of("step_stats_daily", "action_stats_daily", "task_totals_daily")) {
            assertThat(DATABASE.value("SELECT total_steps FROM " + table + " WHERE length(owner) = 256"))
                    .isEqualTo("1");
        }
        delete(task);
    }

    private static void writeEverySecond(List<UUID> tasks, int first) {
        try (Database database = DATABASE.database()) {
            DatabaseStepWriter writer = new DatabaseStepWriter(database);
            for (int number = first; number <= 60; number += 2) {
                for (UUID task : tasks) {
                    writer.write(List.of(message("sender", spread(step(task, number)))));
                }
            }
        }
    }

    private static StepRecord[] someSteps(UUID task, Random random) {
        return random.ints(1 + random.nextInt(5), 1, 30)
                .mapToObj(number -> spread(step(task, number)))
                .toArray(StepRecord[]::new);
    }

    /** Four per day. */
    private static Step spread(Step step) {
        return at(START.plus(Duration.ofHours(6L * step.stepNumber())), step);
    }

    private static void write(StepRecord... records) {
        WRITER.write(List.of(message("sender", records)));
    }

    /** Copies all rows to a table of steps that were ever written, before rows are deleted or counted. */
    private static void keepAll() {
        DATABASE.execute("INSERT INTO ever SELECT * FROM task_steps ON CONFLICT DO NOTHING");
    }

    /** Archives a task as retention does, once its steps are counted. */
    private static void archive(UUID task) {
        rollUp();
        keepAll();
        DATABASE.execute("""
                UPDATE tasks SET status = 'archived' WHERE deleted_at IS NULL AND task_id = '%1$s';
                DELETE FROM task_steps WHERE task_id = '%1$s'
                """.formatted(task));
    }

    private static void restore(UUID task) {
        DATABASE.execute("""
                UPDATE tasks SET status = 'running', received_at = now() WHERE status = 'archived' AND task_id = '%1$s';
                INSERT INTO task_steps (%2$s)
                SELECT %2$s FROM ever WHERE task_id = '%1$s'
                                        AND EXISTS (SELECT FROM tasks WHERE deleted_at IS NULL AND task_id = '%1$s')
                ON CONFLICT DO NOTHING
                """.formatted(task, StoredStep.ROW.columns()));
    }

    private static void delete(UUID task) {
        DATABASE.execute("""
                DELETE FROM task_steps WHERE task_id = '%1$s';
                UPDATE tasks SET status = 'deleted', deleted_at = now() WHERE task_id = '%1$s'
                """.formatted(task));
    }

    private static void rollUp() {
        while (PROCESSOR.processNext(100, LIMIT).isPresent()) {
            // until no changed task is left
        }
        while (STATISTICS.rebuild(2, LIMIT).isPresent()) {
            // until no day is stale
        }
    }

    private static List<String> differences() {
        return Stream.of(
                        differences(RECOUNT, COUNTED),
                        differences(RECOUNT, COUNTED_ACTIONS),
                        differences(TASKS, COUNTED_TASKS))
                .flatMap(List::stream)
                .toList();
    }

    private static List<String> differences(String recount, String table) {
        return DATABASE.column(
                "SELECT differing::text FROM ((%1$s EXCEPT %2$s) UNION ALL (%2$s EXCEPT %1$s)) AS differing"
                        .formatted("(" + recount + ")", "(" + table + ")"));
    }

    /** Returns characters of four bytes each that cannot be compressed. */
    private static String letters(Random random, int count) {
        return random.ints(count, 0x20000, 0x2A000)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
