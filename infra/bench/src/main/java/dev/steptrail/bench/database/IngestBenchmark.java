package dev.steptrail.bench.database;

import dev.steptrail.bench.Benchmark;
import dev.steptrail.bench.Measurement;
import dev.steptrail.bench.Measurement.Threshold;
import dev.steptrail.bench.Rounds;
import dev.steptrail.bench.database.WriteLoad.TaskPool;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Measures the rate at which ingest writes steps to Postgres. */
public final class IngestBenchmark implements Benchmark {
    private static final int WARM_UP_ROUNDS = 60;
    private static final int ROUNDS = 30;
    private static final int CONCURRENT_ROUNDS = 20;
    private static final int CONCURRENT_BATCHES = 6;
    private static final int STEPS_PER_ROUND = 2000;

    @Override
    public List<Measurement> run(Rounds rounds) throws Exception {
        try (PostgresServer postgres = PostgresServer.start();
                Connection connection = postgres.connect()) {
            connection.setAutoCommit(false);
            List<BatchWriter> handlers = Stream.generate(() -> BatchWriter.handler(postgres))
                    .limit(4)
                    .toList();
            ExampleRows.create(postgres);
            Comparisons comparisons = new Comparisons(postgres, handlers, BatchWriter.copy(connection), rounds);
            double[] unused = comparisons.measureWithCopy(1000, WARM_UP_ROUNDS); // warms up the JIT compiler
            double[] large = comparisons.measureWithCopy(1000, ROUNDS);
            reportSizes(postgres);
            return List.of(
                    row("handler, 1000 steps", "COPY", large, 0.75),
                    row("handler, 100 steps", "COPY", comparisons.measureWithCopy(100, ROUNDS), 0.62),
                    row("4 handlers, separate tasks", "1 handler", comparisons.measureConcurrent(false), 1.4),
                    row("4 handlers, 50 shared tasks", "1 handler", comparisons.measureConcurrent(true), 1.2));
        }
    }

    private static Measurement row(String name, String baseline, double[] rates, double minFactor) {
        return new Measurement(name, baseline, rates[0], rates[1], "steps/s", Threshold.atLeast(minFactor));
    }

    private record Comparisons(PostgresServer postgres, List<BatchWriter> handlers, BatchWriter copy, Rounds rounds) {
        /** Returns the rates of one handler and of COPY. */
        double[] measureWithCopy(int steps, int count) throws Exception {
            postgres.deleteAllTasks();
            int batches = STEPS_PER_ROUND / steps;
            return measure(
                    count,
                    new WriteLoad(handlers.subList(0, 1), createPools(1), steps, batches),
                    new WriteLoad(List.of(copy), createPools(1), steps, batches));
        }

        /** Returns the rates of all handlers and of one. */
        double[] measureConcurrent(boolean sharedTasks) throws Exception {
            postgres.deleteAllTasks();
            List<TaskPool> one = createPools(1);
            List<TaskPool> pools = sharedTasks
                    ? Stream.generate(() -> one.get(0)).limit(handlers.size()).toList()
                    : createPools(handlers.size());
            return measure(
                    CONCURRENT_ROUNDS,
                    new WriteLoad(handlers, pools, 1000, CONCURRENT_BATCHES),
                    new WriteLoad(handlers.subList(0, 1), one, 1000, CONCURRENT_BATCHES));
        }

        private List<TaskPool> createPools(int count) {
            return Stream.generate(() -> new TaskPool(postgres)).limit(count).toList();
        }

        /** Measures the loads alternately, and verifies that all steps were written and nothing was rejected. */
        private double[] measure(int count, WriteLoad... loads) throws Exception {
            double[] rates = rounds.measureMedians(2, count, loads);
            long expected = Arrays.stream(loads).mapToLong(WriteLoad::written).sum();
            String written = postgres.query("SELECT count(*) FROM task_steps");
            String rejected = postgres.query("SELECT count(*) FROM rejected_messages");
            if (!written.equals(String.valueOf(expected)) || !rejected.equals("0")) {
                throw new IllegalStateException(
                        written + " of " + expected + " steps were written, " + rejected + " messages rejected");
            }
            return rates;
        }
    }

    /** Prints the size per step, for infra/CAPACITY.md. */
    private static void reportSizes(PostgresServer postgres) throws SQLException {
        String kilobytes = postgres.query("""
            SELECT round(sum(pg_total_relation_size(relid)) / 1e3 / (SELECT count(*) FROM task_steps), 2)
              FROM unnest('{task_steps, step_screenshots}'::regclass[]) AS parent, pg_partition_tree(parent)
            """);
        System.out.println("KB of rows and indexes per step: " + kilobytes);
    }
}
