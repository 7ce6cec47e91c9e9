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

/** Loads two million steps into a database: about 10,000 tasks within half a year, for 20 owners. */
public final class LargeDataset {
    private static final int STEPS = 2_000_000;
    private static final int SMOKE_TEST_STEPS = 30_000;
    public static final int LONG_TASK_STEPS = 10_000;
    private static final int SHORT_TASK_STEPS = 100;
    private static final int OTHER_TASK_STEPS = 200;
    private static final int OWNERS = 20;
    private static final Duration TASK_INTERVAL = Duration.ofMinutes(25);

    private static final String INSERT_TASK = """
        INSERT INTO tasks (task_id, owner, name, description, agent, model, device_id, status, start_received,
                           started_at, ended_at, last_step_at, last_step_number, total_steps, successful_steps,
                           failed_steps)
        VALUES (?, ?, 'volume', '把媒体音量调到最大', 'bench', 'glm', 'phone-1', 'succeeded', true, ?, ?, ?, ?, ?, ?, ?)
        """;

    private final Connection connection;
    private final ExampleRows rows;
    private Instant start = Instant.now();

    private LargeDataset(Connection connection, ExampleRows rows) {
        this.connection = connection;
        this.rows = rows;
    }

    /** The tasks that benchmarks read. */
    public record ReadTasks(UUID longTask, UUID shortTask) {}

    /**
     * Loads the steps with COPY, then vacuums and analyzes the tables, as autovacuum would do later.
     *
     * @param owner the owner of the returned tasks and of 5 % of the others
     * @param rounds a smoke test loads fewer steps
     */
    public static ReadTasks load(Postgres postgres, String owner, Rounds rounds) throws SQLException {
        ExampleRows rows = ExampleRows.create(postgres);
        ReadTasks readTasks;
        // Durable commits are not needed, because the checkpoint writes all data to disk before measurements start.
        try (Connection connection = postgres.connect("&options=-c%20synchronous_commit=off")) {
            LargeDataset dataset = new LargeDataset(connection, rows);
            readTasks =
                    new ReadTasks(dataset.addTask(LONG_TASK_STEPS, owner), dataset.addTask(SHORT_TASK_STEPS, owner));
            int totalSteps = rounds.quick() ? SMOKE_TEST_STEPS : STEPS;
            int otherTasks = (totalSteps - LONG_TASK_STEPS - SHORT_TASK_STEPS) / OTHER_TASK_STEPS;
            for (int i = 0; i < otherTasks; i++) {
                dataset.addTask(OTHER_TASK_STEPS, i % OWNERS == 0 ? owner : "owner-" + i % OWNERS);
            }
        }
        postgres.execute("VACUUM ANALYZE");
        postgres.execute("CHECKPOINT");
        return readTasks;
    }

    private UUID addTask(int steps, String owner) throws SQLException {
        UUID task = UuidV7.at(start);
        int failed = steps / 20;
        new Session(connection)
                .sql(INSERT_TASK, task, owner, start, start, start, steps, steps, steps - failed, failed)
                .update();
        for (ExampleRows.Table table : ExampleRows.Table.values()) {
            rows.text(table, List.of(new ExampleTask.Range(task, 1, steps))).send(connection);
        }
        connection.commit();
        start = start.minus(TASK_INTERVAL);
        return task;
    }
}
