package dev.steptrail.bench.database;

import dev.steptrail.bench.Benchmark;
import dev.steptrail.bench.Measurement;
import dev.steptrail.bench.Measurement.Threshold;
import dev.steptrail.bench.Rounds;
import dev.steptrail.bench.database.BatchWriters.Writer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/** Measures the rate at which ingest writes steps to Postgres. */
public final class IngestBenchmark implements Benchmark {
    private static final int WRITERS = 4;
    private static final int WARM_UP_ROUNDS = 60;
    private static final int ROUNDS = 30;
    private static final int CONCURRENT_ROUNDS = 20;
    private static final int CONCURRENT_BATCHES = 6;
    private static final int STEPS_PER_ROUND = 2000;

    @Override
    public String description() {
        return "Committed new steps per second (more is better). Measured is the ingest function's handler (SQS"
                + " event in, response out). The baseline writes the"
                + " same rows of steps and screenshots to the same tables with CopyManager and prebuilt text. A"
                + " message is gzip of 20 steps of about 1 KB with two screenshots each, and 50 started tasks"
                + " alternate. `1000 steps` is the size of a batch. Several handlers write to separate tasks, or"
                + " share the 50. Postgres forces each commit to the disk.";
    }

    @Override
    public List<Measurement> run(Rounds rounds) throws Exception {
        try (PostgresServer server = PostgresServer.start();
                Connection connection = server.postgres().connect()) {
            Postgres postgres = server.postgres();
            ExampleRows rows = ExampleRows.create(postgres);
            List<Writer> handlers = Stream.generate(() -> BatchWriters.handler(postgres))
                    .limit(WRITERS)
                    .toList();
            Writer handler = handlers.get(0);
            Writer copy = BatchWriters.copy(connection, rows);
            // Warms up the JIT compiler.
            measure(rounds, WARM_UP_ROUNDS, postgres, load(handler, 1000, postgres), load(copy, 1000, postgres));
            Measurement large = compareWithCopy("handler, 1000 steps", handler, copy, 1000, 0.75, postgres, rounds);
            reportSizes(postgres);
            return List.of(
                    large,
                    compareWithCopy("handler, 100 steps", handler, copy, 100, 0.62, postgres, rounds),
                    compareWithOneHandler("4 handlers, separate tasks", handlers, false, 1.4, postgres, rounds),
                    compareWithOneHandler("4 handlers, 50 shared tasks", handlers, true, 1.2, postgres, rounds));
        }
    }

    private static WriteLoad load(Writer writer, int steps, Postgres postgres) {
        return new WriteLoad(
                List.of(writer), List.of(new TaskPool(postgres)), steps, Math.max(1, STEPS_PER_ROUND / steps));
    }

    private static Measurement compareWithCopy(
            String name, Writer writer, Writer copy, int steps, double minFactor, Postgres postgres, Rounds rounds)
            throws Exception {
        postgres.deleteAllTasks();
        double[] rates = measure(rounds, ROUNDS, postgres, load(writer, steps, postgres), load(copy, steps, postgres));
        return new Measurement(name, "COPY", rates[0], rates[1], "steps/s", Threshold.atLeast(minFactor));
    }

    private static Measurement compareWithOneHandler(
            String name, List<Writer> handlers, boolean sharedTasks, double minFactor, Postgres postgres, Rounds rounds)
            throws Exception {
        postgres.deleteAllTasks();
        TaskPool tasks = new TaskPool(postgres);
        List<TaskPool> taskPools = sharedTasks
                ? Collections.nCopies(handlers.size(), tasks)
                : Stream.generate(() -> new TaskPool(postgres))
                        .limit(handlers.size())
                        .toList();
        double[] rates = measure(
                rounds,
                CONCURRENT_ROUNDS,
                postgres,
                new WriteLoad(handlers, taskPools, 1000, CONCURRENT_BATCHES),
                new WriteLoad(handlers.subList(0, 1), List.of(tasks), 1000, CONCURRENT_BATCHES));
        return new Measurement(name, "1 handler", rates[0], rates[1], "steps/s", Threshold.atLeast(minFactor));
    }

    /** Measures the loads alternately, and verifies that all steps were written and nothing was rejected. */
    private static double[] measure(Rounds rounds, int count, Postgres postgres, WriteLoad... loads) throws Exception {
        double[] rates = rounds.measureMedians(2, count, loads);
        long expected = Arrays.stream(loads).mapToLong(WriteLoad::written).sum();
        long written = postgres.queryNumber("SELECT count(*) FROM task_steps");
        long rejected = postgres.queryNumber("SELECT count(*) FROM rejected_messages");
        if (written != expected || rejected != 0) {
            throw new IllegalStateException(
                    written + " of " + expected + " steps were written, " + rejected + " messages rejected");
        }
        return rates;
    }

    /** Prints the size per step, for infra/CAPACITY.md. */
    private static void reportSizes(Postgres postgres) throws SQLException {
        long bytes = postgres.queryNumber("""
            SELECT sum(pg_total_relation_size(relid))
              FROM unnest('{task_steps, step_screenshots}'::regclass[]) AS parent, pg_partition_tree(parent)
            """);
        System.out.printf(
                "KB of rows and indexes per step: %.2f%n",
                bytes / 1e3 / postgres.queryNumber("SELECT count(*) FROM task_steps"));
    }
}
