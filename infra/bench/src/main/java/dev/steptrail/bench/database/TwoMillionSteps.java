package dev.steptrail.bench.database;

import dev.steptrail.bench.Rounds;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.jdbc.Session;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Two million steps of about ten thousand tasks of twenty owners, over half a year. */
public final class TwoMillionSteps {
    private static final int STEPS = 2_000_000;
    private static final int STEPS_OF_SMOKE_TEST = 30_000;
    public static final int LONG_TASK = 10_000;
    private static final int SHORT_TASK = 100;
    private static final int USUAL_TASK = 200;
    private static final int OWNERS = 20;
    private static final Duration BETWEEN_TASKS = Duration.ofMinutes(25);

    private static final String TASK = """
        INSERT INTO tasks (task_id, owner, name, description, agent, model, device_id, status, announced, started_at,
                           ended_at, last_step_at, last_step_number, total_steps, successful_steps, failed_steps)
        VALUES (?, ?, 'volume', '把媒体音量调到最大', 'bench', 'glm', 'phone-1', 'succeeded', true, ?, ?, ?, ?, ?, ?, ?)
        """;

    private final Connection connection;
    private final StepRows rows;
    private Instant start = Instant.now();

    private TwoMillionSteps(Connection connection, StepRows rows) {
        this.connection = connection;
        this.rows = rows;
    }

    /** The tasks that are read. */
    public record Loaded(UUID longTask, UUID shortTask) {}

    /**
     * Loads the steps by COPY, then vacuums and analyzes as autovacuum would do later.
     *
     * @param owner of the tasks that are read, and of a twentieth of the others
     * @param rounds a smoke test loads fewer steps
     */
    public static Loaded load(Postgres postgres, String owner, Rounds rounds) throws SQLException {
        StepRows rows = StepRows.of(postgres);
        Loaded loaded;
        // These commits need not be durable at once. The checkpoint writes them to disk before anything is measured.
        try (Connection connection = postgres.connect("&options=-c%20synchronous_commit=off")) {
            TwoMillionSteps steps = new TwoMillionSteps(connection, rows);
            loaded = new Loaded(steps.add(LONG_TASK, owner), steps.add(SHORT_TASK, owner));
            int others = ((rounds.quick() ? STEPS_OF_SMOKE_TEST : STEPS) - LONG_TASK - SHORT_TASK) / USUAL_TASK;
            for (int i = 0; i < others; i++) {
                steps.add(USUAL_TASK, i % OWNERS == 0 ? owner : "owner-" + i % OWNERS);
            }
        }
        postgres.execute("VACUUM ANALYZE");
        postgres.execute("CHECKPOINT");
        return loaded;
    }

    private UUID add(int steps, String owner) throws SQLException {
        UUID task = UuidV7.at(start);
        int failed = steps / 20;
        new Session(connection)
                .sql(TASK, task, owner, start, start, start, steps, steps, steps - failed, failed)
                .update();
        for (StepRows.Table table : StepRows.Table.values()) {
            rows.text(table, List.of(new ExampleTask.Range(task, 1, steps))).send(connection);
        }
        connection.commit();
        start = start.minus(BETWEEN_TASKS);
        return task;
    }
}
