package dev.steptrail.bench.capacity;

import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import dev.steptrail.bench.Measurement;
import dev.steptrail.bench.database.Invocation;
import dev.steptrail.bench.database.Postgres;
import dev.steptrail.bench.database.PostgresServer;
import dev.steptrail.ingest.IngestHandler;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;

/** Measures the ingest function's handler on batches of live messages: how long it takes, and what Postgres has to do for it. */
final class IngestMeasurement {
    private static final int MESSAGES = 100;
    private static final int STEPS = 20;
    private static final int WARM_UP = 100;

    private final Postgres postgres;
    private final IngestHandler handler;
    private final LiveTasks tasks = new LiveTasks();

    /**
     * @param function its own part on this machine, microseconds
     * @param database how long it keeps a processor of this machine busy in Postgres, microseconds
     * @param rowBytes in Postgres, of a step with two screenshots, with all indexes
     * @param logBytes of Postgres' write-ahead log, of such a step where each message has one
     */
    record Result(ServiceTime.Part function, ServiceTime.Part database, double rowBytes, double logBytes) {}

    /** One kind of batch: microseconds in all, and of them in Postgres. */
    private record Batch(double all, double database) {}

    private IngestMeasurement(Postgres postgres) {
        this.postgres = postgres;
        this.handler = new IngestHandler(postgres.settings());
    }

    /** Takes a minute. */
    static Result run() throws IOException, SQLException {
        try (PostgresServer server = PostgresServer.start()) {
            return new IngestMeasurement(server.postgres()).measure();
        }
    }

    private Result measure() throws SQLException {
        handle(tasks.started());
        for (int i = 0; i < WARM_UP; i++) {
            handle(tasks.next(MESSAGES, STEPS));
        }
        Batch small = batch(1, 1, 1000);
        long log = logBytes();
        Batch live = batch(MESSAGES, 1, 300);
        double logBytes = (double) (logBytes() - log) / (300 * MESSAGES);
        Batch large = batch(MESSAGES, STEPS, 60);
        return new Result(
                part(small.all - small.database, live.all - live.database, large.all - large.database),
                part(small.database, live.database, large.database),
                rowBytes(),
                logBytes);
    }

    private Batch batch(int messages, int steps, int rounds) throws SQLException {
        ServerProcesses processes = ServerProcesses.of(postgres);
        double[] micros = new double[rounds];
        Duration before = processes.busy();
        for (int i = 0; i < rounds; i++) {
            SQSEvent event = tasks.next(messages, steps);
            long begun = System.nanoTime();
            handle(event);
            micros[i] = (System.nanoTime() - begun) / 1e3;
        }
        return new Batch(
                Measurement.median(micros), processes.busy().minus(before).toNanos() / 1e3 / rounds);
    }

    private void handle(SQSEvent event) {
        if (!handler.handleRequest(event, new Invocation())
                .getBatchItemFailures()
                .isEmpty()) {
            throw new IllegalStateException("messages were not written");
        }
    }

    /** What a batch takes, and each message and step of it, from three kinds of batches. */
    private static ServiceTime.Part part(double small, double live, double large) {
        double step = Math.max(0, (large - live) / (MESSAGES * (STEPS - 1)));
        double message = Math.max(0, (live - small) / (MESSAGES - 1) - step);
        return new ServiceTime.Part(Math.max(0, small - message - step), message, step);
    }

    private long logBytes() throws SQLException {
        return postgres.number("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint");
    }

    private double rowBytes() throws SQLException {
        long bytes = postgres.number("""
                SELECT sum(pg_total_relation_size(relid)) FROM (
                    SELECT relid FROM pg_partition_tree('task_steps')
                    UNION ALL SELECT relid FROM pg_partition_tree('step_screenshots')) tables""");
        return (double) bytes / postgres.number("SELECT count(*) FROM task_steps");
    }
}
