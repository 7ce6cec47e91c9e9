package dev.steptrail.endtoend;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/** Inserts insights and run digests of one owner, as if maintenance had computed them. */
public record InsightRows(CloudProcess cloud, String owner) {
    private static final String INSIGHT = """
            INSERT INTO insights (owner, instruction, kind, tasks, tasks_started_at, steps, figures)
            SELECT owner,
                   instruction,
                   kind,
                   tasks,
                   ARRAY(SELECT timestamptz '2026-02-03 04:05:06 UTC' FROM unnest(tasks)),
                   steps,
                   figures
              FROM (VALUES (?, ?, ?, ?::uuid[], ?::text[], ?::jsonb)) AS i (owner, instruction, kind, tasks, steps, figures)
            """;

    private static final String DIGEST = """
            INSERT INTO task_digests (task_id, owner, instruction, path)
            VALUES (?, ?, ?, ?::json)
            """;

    private static final String RUN = """
            WITH task AS (INSERT INTO tasks (task_id, owner, started_at, status)
                          VALUES (gen_random_uuid(), ?, now(), 'succeeded')
                          RETURNING task_id)
            INSERT INTO task_digests (task_id, owner, instruction, path)
            SELECT task_id, ?, ?, '[]' FROM task
            """;

    /** Adds an insight without runs as evidence. */
    public InsightRows add(String instruction, String kind, String figures) throws Exception {
        return add(instruction, kind, figures, List.of(), List.of());
    }

    /**
     * Adds an insight. All its runs started on 3 February 2026, 04:05:06 UTC, regardless of their ids.
     *
     * @param steps step ids of the runs
     */
    public InsightRows add(String instruction, String kind, String figures, List<UUID> runs, List<String> steps)
            throws Exception {
        try (Connection connection = cloud.database()) {
            add(connection, instruction, kind, figures, runs, steps);
        }
        return this;
    }

    /** Adds an insight of each of the instructions task 1, task 2, and so on. */
    public void addMany(int instructions) throws Exception {
        try (Connection connection = cloud.database()) {
            for (int number = 1; number <= instructions; number++) {
                add(connection, "task " + number, "slow_step", "{\"steps\": 1}", List.of(), List.of());
            }
        }
    }

    private void add(
            Connection connection, String instruction, String kind, String figures, List<UUID> runs, List<String> steps)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(INSIGHT)) {
            statement.setString(1, owner);
            statement.setString(2, instruction);
            statement.setString(3, kind);
            statement.setArray(4, connection.createArrayOf("uuid", runs.toArray()));
            statement.setArray(5, connection.createArrayOf("text", steps.toArray()));
            statement.setString(6, figures);
            statement.execute();
        }
    }

    /** Adds the digest of a run with the path {@code [[step_number, name, target], …]}. */
    public InsightRows addDigest(UUID run, String instruction, String path) throws Exception {
        try (Connection connection = cloud.database();
                PreparedStatement statement = connection.prepareStatement(DIGEST)) {
            statement.setObject(1, run);
            statement.setString(2, owner);
            statement.setString(3, instruction);
            statement.setString(4, path);
            statement.execute();
        }
        return this;
    }

    /** Adds runs with digests but without insights. */
    public void addRuns(String instruction, int count) throws Exception {
        try (Connection connection = cloud.database();
                PreparedStatement statement = connection.prepareStatement(RUN)) {
            for (int run = 0; run < count; run++) {
                statement.setString(1, owner);
                statement.setString(2, owner);
                statement.setString(3, instruction);
                statement.execute();
            }
        }
    }
}
