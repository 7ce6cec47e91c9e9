package dev.steptrail.bench.database;

import dev.steptrail.bench.Benchmark;
import dev.steptrail.bench.Measurement;
import dev.steptrail.bench.Measurement.Threshold;
import dev.steptrail.bench.Rounds;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Measures the rate at which ingest writes steps to Postgres. */
public final class IngestBenchmark implements Benchmark {
    private static final int WARM_UP_ROUNDS = 60;
    private static final int ROUNDS = 30;

    @Override
    public List<Measurement> run(Rounds rounds) throws Exception {
        try (PostgresServer postgres = PostgresServer.start();
                Connection connection = postgres.connect()) {
            connection.setAutoCommit(false);
            ExampleRows.create(postgres);
            Comparison comparison =
                    new Comparison(postgres, BatchWriter.handler(postgres), BatchWriter.copy(connection), rounds);
            double[] unused = comparison.measure(1000, WARM_UP_ROUNDS); // warms up the JIT compiler
            double[] large = comparison.measure(1000, ROUNDS);
            reportSizes(postgres);
            double[] small = comparison.measure(100, ROUNDS);
            return List.of(row("handler, 1000 steps", large, 0.75), row("handler, 100 steps", small, 0.62));
        }
    }

    private static Measurement row(String name, double[] rates, double minFactor) {
        return new Measurement(name, "COPY", rates[0], rates[1], "steps/s", Threshold.atLeast(minFactor));
    }

    private record Comparison(PostgresServer postgres, BatchWriter handler, BatchWriter copy, Rounds rounds) {
        /** Returns the rates of both writers. Verifies that all steps were written and nothing was rejected. */
        double[] measure(int stepsPerBatch, int count) throws Exception {
            postgres.deleteAllTasks();
            WriteLoad handlerLoad = new WriteLoad(handler, stepsPerBatch, postgres);
            WriteLoad copyLoad = new WriteLoad(copy, stepsPerBatch, postgres);
            double[] rates = rounds.measureMedians(2, count, handlerLoad, copyLoad);
            String expected = String.valueOf(handlerLoad.written() + copyLoad.written());
            String written = postgres.query("SELECT count(*) FROM task_steps");
            String rejected = postgres.query("SELECT count(*) FROM rejected_messages");
            if (!written.equals(expected) || !rejected.equals("0")) {
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
