package dev.steptrail.bench.database;

import dev.steptrail.bench.Benchmark;
import dev.steptrail.bench.Measurement;
import dev.steptrail.bench.Measurement.Threshold;
import dev.steptrail.bench.Rounds;
import dev.steptrail.bench.database.Writers.Writer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/** Measures writing steps from the queue to Postgres. */
public final class IngestBenchmark implements Benchmark {
    private static final int WRITERS = 4;
    private static final int WARM_UP = 60;
    private static final int ROUNDS = 30;
    private static final int ROUNDS_OF_WRITERS = 20;
    private static final int BATCHES_OF_WRITERS = 6;
    private static final int STEPS_OF_ROUND = 2000;

    @Override
    public String description() {
        return "New steps a second, committed (more is better), by the ingest function's handler (SQS event in,"
                + " response out) and by its writer alone (messages already decoded), against text COPY by CopyManager of"
                + " the same rows of steps and screenshots into the same tables, the text ready. Messages are gzip of 20"
                + " steps of about 1 KB with two screenshots each. Their 50 tasks have started and take turns. `1000"
                + " steps` is a batch. Several handlers write to separate tasks, or share the 50. Postgres forces each"
                + " commit to the disk.";
    }

    @Override
    public List<Measurement> run(Rounds rounds) throws Exception {
        try (PostgresServer server = PostgresServer.start();
                Connection connection = server.postgres().connect()) {
            Postgres postgres = server.postgres();
            StepRows rows = StepRows.of(postgres);
            List<Writer> handlers = Stream.generate(() -> Writers.handler(postgres))
                    .limit(WRITERS)
                    .toList();
            Writer handler = handlers.get(0);
            Writer copy = Writers.copy(connection, rows);
            // For the compiler.
            measure(rounds, WARM_UP, postgres, load(handler, 1000, postgres), load(copy, 1000, postgres));
            Measurement thousand = beside("handler, 1000 steps", handler, copy, 1000, 0.75, postgres, rounds);
            reportSizes(postgres);
            return List.of(
                    thousand,
                    beside("handler, 100 steps", handler, copy, 100, 0.62, postgres, rounds),
                    beside("writer alone, 1000 steps", Writers.store(postgres), copy, 1000, 0.9, postgres, rounds),
                    several("4 handlers, separate tasks", handlers, false, 1.4, postgres, rounds),
                    several("4 handlers, 50 shared tasks", handlers, true, 1.2, postgres, rounds));
        }
    }

    private static Load load(Writer writer, int steps, Postgres postgres) {
        return new Load(List.of(writer), List.of(new Tasks(postgres)), steps, Math.max(1, STEPS_OF_ROUND / steps));
    }

    private static Measurement beside(
            String name, Writer ours, Writer copy, int steps, double least, Postgres postgres, Rounds rounds)
            throws Exception {
        postgres.empty();
        double[] rates = measure(rounds, ROUNDS, postgres, load(ours, steps, postgres), load(copy, steps, postgres));
        return new Measurement(name, "COPY", rates[0], rates[1], "steps/s", Threshold.atLeast(least));
    }

    private static Measurement several(
            String name, List<Writer> handlers, boolean shared, double least, Postgres postgres, Rounds rounds)
            throws Exception {
        postgres.empty();
        Tasks tasks = new Tasks(postgres);
        List<Tasks> own = shared
                ? Collections.nCopies(handlers.size(), tasks)
                : Stream.generate(() -> new Tasks(postgres))
                        .limit(handlers.size())
                        .toList();
        double[] rates = measure(
                rounds,
                ROUNDS_OF_WRITERS,
                postgres,
                new Load(handlers, own, 1000, BATCHES_OF_WRITERS),
                new Load(handlers.subList(0, 1), List.of(tasks), 1000, BATCHES_OF_WRITERS));
        return new Measurement(name, "1 handler", rates[0], rates[1], "steps/s", Threshold.atLeast(least));
    }

    /** Measures the loads alternately, and checks that all steps were written and nothing was rejected. */
    private static double[] measure(Rounds rounds, int count, Postgres postgres, Load... loads) throws Exception {
        double[] rates = rounds.medians(2, count, loads);
        long expected = Arrays.stream(loads).mapToLong(Load::written).sum();
        long written = postgres.number("SELECT count(*) FROM task_steps");
        long rejected = postgres.number("SELECT count(*) FROM rejected_messages");
        if (written != expected || rejected != 0) {
            throw new IllegalStateException(
                    written + " of " + expected + " steps were written, " + rejected + " messages rejected");
        }
        return rates;
    }

    /** Prints figures of infra/CAPACITY.md. */
    private static void reportSizes(Postgres postgres) throws SQLException {
        long bytes = postgres.number("""
            SELECT sum(pg_total_relation_size(relid))
              FROM unnest('{task_steps, step_screenshots}'::regclass[]) AS parent, pg_partition_tree(parent)
            """);
        System.out.printf(
                "KB of rows and indexes, a step: %.2f%n",
                bytes / 1e3 / postgres.number("SELECT count(*) FROM task_steps"));
    }
}
