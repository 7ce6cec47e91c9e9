package dev.steptrail.bench.database;

import dev.steptrail.stepformat.UuidV7;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import java.util.stream.IntStream;

/** Two million steps of some ten thousand tasks of half a year, of twenty owners. */
public final class TwoMillionSteps {
    private static final int STEPS = 2_000_000;
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
    private final StoredRows rows;
    private Instant start = Instant.now();

    private TwoMillionSteps(Connection connection, StoredRows rows) {
        this.connection = connection;
        this.rows = rows;
    }

    /** The tasks that are asked for; both are {@link Postgres#OWNER}'s. */
    public record Loaded(UUID longTask, UUID shortTask) {}

    /** Loads them by COPY, and has Postgres tidy up as it does by itself in time. */
    public static Loaded load(Postgres postgres) throws SQLException {
        StoredRows rows = StoredRows.of(postgres);
        Loaded loaded;
        // Commits that nobody waits for; the checkpoint forces them to the disk, and nothing is left to be written
        // while it is measured.
        try (Connection connection = postgres.connect("&options=-c%20synchronous_commit=off")) {
            TwoMillionSteps steps = new TwoMillionSteps(connection, rows);
            loaded = new Loaded(steps.add(LONG_TASK, Postgres.OWNER), steps.add(SHORT_TASK, Postgres.OWNER));
            int others = (STEPS - LONG_TASK - SHORT_TASK) / USUAL_TASK;
            for (int i = 0; i < others; i++) {
                steps.add(USUAL_TASK, owner(i));
            }
        }
        postgres.execute("VACUUM ANALYZE");
        postgres.execute("CHECKPOINT");
        return loaded;
    }

    /** One of the twenty owners; the first is {@link Postgres#OWNER}. */
    public static String owner(int number) {
        int owner = number % OWNERS;
        return owner == 0 ? Postgres.OWNER : "owner-" + owner;
    }

    private UUID add(int steps, String owner) throws SQLException {
        UUID task = UuidV7.at(start);
        addTask(task, owner, steps);
        for (Table table : Table.values()) {
            CopyText.of(
                            table,
                            IntStream.rangeClosed(1, steps)
                                    .mapToObj(number -> new StepKey(task, number))
                                    .flatMap(key -> rows.of(table, key)))
                    .copyTo(table.tableName(), connection);
        }
        connection.commit();
        start = start.minus(BETWEEN_TASKS);
        return task;
    }

    private void addTask(UUID task, String owner, int steps) throws SQLException {
        int failed = steps / 20;
        try (PreparedStatement statement = connection.prepareStatement(TASK)) {
            statement.setObject(1, task);
            statement.setString(2, owner);
            for (int time = 3; time <= 5; time++) {
                statement.setObject(time, start.atOffset(ZoneOffset.UTC));
            }
            statement.setInt(6, steps);
            statement.setInt(7, steps);
            statement.setInt(8, steps - failed);
            statement.setInt(9, failed);
            statement.executeUpdate();
        }
    }
}
