package dev.steptrail.bench.database;

import dev.steptrail.bench.Rounds;
import dev.steptrail.stepformat.UuidV7;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

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
                           failed_steps, tags, metadata, verdict, verdict_source)
        SELECT task_id, owner, 'volume', '把媒体音量调到最大', 'bench', 'glm', 'phone-1', 'succeeded', true,
               start, start, start, steps, steps, steps - failed, failed, ARRAY['nightly', share],
               json_build_object('share', share, 'build', '1.10', 'app', 'settings'), verdict,
               CASE WHEN verdict IS NOT NULL THEN 'human' END
          FROM (VALUES (?::uuid, ?, ?::timestamptz, ?::int, ?::int, ?, ?::text))
            AS task (task_id, owner, start, steps, failed, share, verdict)
        """;

    /** What the responses of the API contain beside the rows of tasks and steps. Each task has tokens. */
    private static final String INSERT_USAGE = """
        INSERT INTO task_usage (task_id, day, steps, input_tokens, cached_tokens, output_tokens)
        SELECT task_id, (started_at AT TIME ZONE 'UTC')::date, total_steps, total_steps * 5000, total_steps * 4000,
               total_steps * 80
          FROM tasks;

        INSERT INTO prices (model, valid_from, currency, input_price, cached_price, output_price, set_by)
        VALUES ('glm', '2020-01-01', 'USD', 0.6, 0.11, 2.2, 'bench')
        """;

    /** Judgements of the two tasks whose reports are measured. */
    private static final String INSERT_JUDGEMENTS = """
        INSERT INTO verdicts (task_id, name, score, source, judge, judged_at)
        VALUES ('%1$s', 'efficiency', 0.5, 'automatic', 'bench', now());

        INSERT INTO step_labels (task_id, step_number, label, author)
        VALUES ('%1$s', 1, 'good', 'bench');

        INSERT INTO notes (task_id, step_number, author, text)
        VALUES ('%1$s', 1, 'bench', 'The volume is at its maximum')
        """;

    /**
     * The share of an owner's tasks, and of all tasks, that have the same tag, value of metadata and verdict.
     *
     * @see #of
     */
    enum Share {
        ONE_TASK("unclear"),
        ONE_PERCENT("fail"),
        HALF("pass"),
        OTHERS(null);

        private final @Nullable String verdict;

        Share(@Nullable String verdict) {
            this.verdict = verdict;
        }

        @Nullable
        String verdict() {
            return verdict;
        }

        /** Returns the share of a task by its number among the owner's tasks. Only one owner has the one task. */
        private static Share of(int number, boolean hasOneTask) {
            if (hasOneTask && number == 101) {
                return ONE_TASK;
            }
            return number % 2 == 0 ? HALF : number % 100 == 1 ? ONE_PERCENT : OTHERS;
        }
    }

    private final Connection connection;
    private final ExampleRows rows;
    private final PreparedStatement insertTask;
    private Instant start = Instant.now();

    private LargeDataset(Connection connection, ExampleRows rows) throws SQLException {
        this.connection = connection;
        this.rows = rows;
        this.insertTask = connection.prepareStatement(INSERT_TASK);
    }

    /** The tasks that benchmarks read. */
    public record ReadTasks(UUID longTask, UUID shortTask) {}

    /**
     * Loads the steps with COPY, then vacuums and analyzes the tables, as autovacuum would do later.
     *
     * @param owner the owner of the returned tasks and of 5 % of the others
     * @param rounds a smoke test loads fewer steps
     */
    public static ReadTasks load(Postgres postgres, String owner, Rounds rounds) throws Exception {
        ExampleRows rows = ExampleRows.create(postgres);
        ReadTasks readTasks;
        // Durable commits are not needed, because the checkpoint writes all data to disk before measurements start.
        try (Connection connection = postgres.connect("&options=-c%20synchronous_commit=off")) {
            LargeDataset dataset = new LargeDataset(connection, rows);
            readTasks = new ReadTasks(
                    dataset.addTask(LONG_TASK_STEPS, owner, Share.OTHERS),
                    dataset.addTask(SHORT_TASK_STEPS, owner, Share.OTHERS));
            int totalSteps = rounds.quick() ? SMOKE_TEST_STEPS : STEPS;
            int otherTasks = (totalSteps - LONG_TASK_STEPS - SHORT_TASK_STEPS) / OTHER_TASK_STEPS;
            for (int i = 0; i < otherTasks; i++) {
                boolean isOwner = i % OWNERS == 0;
                dataset.addTask(
                        OTHER_TASK_STEPS, isOwner ? owner : "owner-" + i % OWNERS, Share.of(i / OWNERS, isOwner));
            }
        }
        postgres.execute(INSERT_USAGE);
        postgres.execute(INSERT_JUDGEMENTS.formatted(readTasks.longTask()));
        postgres.execute(INSERT_JUDGEMENTS.formatted(readTasks.shortTask()));
        postgres.execute("VACUUM ANALYZE");
        postgres.execute("CHECKPOINT");
        return readTasks;
    }

    private UUID addTask(int steps, String owner, Share share) throws SQLException {
        UUID task = UuidV7.at(start);
        insertTask.setObject(1, task);
        insertTask.setString(2, owner);
        insertTask.setObject(3, start.atOffset(ZoneOffset.UTC));
        insertTask.setInt(4, steps);
        insertTask.setInt(5, steps / 20);
        insertTask.setString(6, share.name());
        insertTask.setString(7, share.verdict());
        insertTask.executeUpdate();
        for (ExampleRows.Table table : ExampleRows.Table.values()) {
            rows.text(table, List.of(new ExampleTask.Range(task, 1, steps))).send(connection);
        }
        connection.commit();
        start = start.minus(TASK_INTERVAL);
        return task;
    }
}
