package dev.steptrail.bench.database;

import dev.steptrail.bench.Rounds;
import java.sql.SQLException;
import java.util.UUID;

/**
 * Two million steps in about 10,000 tasks within half a year, for 20 owners.
 *
 * @param longTask a task of {@link PostgresServer#OWNER} with 10,000 steps
 * @param shortTask a task of the same owner with 100 steps
 */
record LargeDataset(UUID longTask, UUID shortTask) {
    static final int LONG_TASK_STEPS = 10_000;

    /** Inserts tasks with ids of version 7: the long task, the short task, and others with 200 steps. */
    private static final String INSERT_TASKS = """
        INSERT INTO tasks (task_id, owner, name, description, agent, model, device_id, status, start_received,
                           started_at, ended_at, last_step_at, last_step_number, total_steps, successful_steps,
                           failed_steps, tags, metadata, verdict, verdict_source)
        SELECT overlay(overlay(md5(number::text) PLACING '8' FROM 17)
                       PLACING lpad(to_hex((extract(epoch FROM start) * 1000)::bigint), 12, '0') || '7' FROM 1)::uuid,
               CASE WHEN number < 2 OR number %% 20 = 0 THEN '%s' ELSE 'owner-' || number %% 20 END,
               'volume', '把媒体音量调到最大', 'bench', 'glm', 'phone-1', 'succeeded', true, start, start, start,
               steps, steps, steps - steps / 20, steps / 20, ARRAY['nightly', 'half'],
               json_build_object('share', 'half', 'build', '1.10', 'app', 'settings'), 'pass', 'human'
          FROM (SELECT number, now() - number * interval '25 minutes' AS start,
                       CASE number WHEN 0 THEN %d WHEN 1 THEN 100 ELSE 200 END AS steps
                  FROM generate_series(0, %d) AS number) AS task
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

    /** Judgements of the task whose report is measured. */
    private static final String INSERT_JUDGEMENTS = """
        INSERT INTO verdicts (task_id, name, score, source, judge, judged_at)
        VALUES ('%1$s', 'efficiency', 0.5, 'automatic', 'bench', now());

        INSERT INTO step_labels (task_id, step_number, label, author)
        VALUES ('%1$s', 1, 'good', 'bench');

        INSERT INTO notes (task_id, step_number, author, text)
        VALUES ('%1$s', 1, 'bench', 'The volume is at its maximum')
        """;

    /**
     * Inserts the rows, then vacuums and analyzes the tables, as autovacuum would do later.
     *
     * @param rounds a smoke test inserts fewer steps
     */
    static LargeDataset create(PostgresServer postgres, Rounds rounds) throws Exception {
        ExampleRows.create(postgres);
        postgres.execute(INSERT_TASKS.formatted(PostgresServer.OWNER, LONG_TASK_STEPS, rounds.quick() ? 100 : 9_950));
        for (ExampleRows table : ExampleRows.values()) {
            postgres.execute(table.insert("SELECT task_id, 1, total_steps FROM tasks ORDER BY task_id DESC"));
        }
        LargeDataset dataset = new LargeDataset(findTask(postgres, LONG_TASK_STEPS), findTask(postgres, 100));
        postgres.execute(INSERT_USAGE);
        postgres.execute(INSERT_JUDGEMENTS.formatted(dataset.shortTask));
        postgres.execute("VACUUM ANALYZE");
        postgres.execute("CHECKPOINT");
        return dataset;
    }

    private static UUID findTask(PostgresServer postgres, int steps) throws SQLException {
        return UUID.fromString(postgres.query("SELECT task_id FROM tasks WHERE total_steps = " + steps));
    }
}
