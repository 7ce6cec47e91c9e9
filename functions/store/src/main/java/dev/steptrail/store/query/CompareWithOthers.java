package dev.steptrail.store.query;

import dev.steptrail.insights.AmongOthers;
import dev.steptrail.insights.Move;
import dev.steptrail.store.insights.MovesJson;
import dev.steptrail.store.insights.ReadMoves;
import dev.steptrail.store.model.JsonFields;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.model.TaskSummary.Finding;
import dev.steptrail.store.model.TaskSummary.Suggestion;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What do the owner's other runs of what was asked for say of this one, as far as maintenance has learnt from them? */
final class CompareWithOthers {
    private static final String PATH = """
            SELECT path::text AS path
              FROM run_digests
             WHERE task_id = ?
               AND owner = ?
            """;

    private CompareWithOthers() {}

    /** @param expectation a JSON object of what was to be expected; null where too few runs have ended */
    record Compared(@Nullable String expectation, List<Finding> findings, List<Suggestion> suggestions) {}

    /**
     * A run that succeeded found its way, which may be longer than others'; one that goes on, or failed, may have left theirs.
     *
     * @param learnt the figures of what was learnt from the runs of its text, by kind
     */
    static Compared in(Connection connection, Task task, Map<String, String> learnt) throws SQLException {
        String expectation = learnt.get("expectation");
        boolean succeeded = task.status().equals("succeeded");
        UUID other = other(task, succeeded ? learnt.get("shorter_path") : expectation);
        List<Move> path = other == null ? List.of() : path(connection, other, task.owner());
        if (other == null || path.isEmpty()) {
            return new Compared(expectation, List.of(), List.of());
        }
        List<Move> moves = ReadMoves.moves(connection, task.taskId());
        return succeeded
                ? new Compared(
                        expectation,
                        List.of(),
                        AmongOthers.shorterPath(other, path, moves).stream()
                                .map(Suggestion::of)
                                .toList())
                : new Compared(
                        expectation,
                        AmongOthers.leftUsualPath(path, moves).stream()
                                .map(Finding::of)
                                .toList(),
                        List.of());
    }

    /** The run by whose path this one is judged; null where there is none but itself, or it was cancelled, by somebody who may know why it went there. */
    private static @Nullable UUID other(Task task, @Nullable String figures) {
        String pathOf = JsonFields.of(figures).get("path_of");
        if (pathOf == null || task.status().equals("cancelled")) {
            return null;
        }
        UUID run = UUID.fromString(Objects.requireNonNull(JsonFields.text(pathOf)));
        return run.equals(task.taskId()) ? null : run;
    }

    /** Empty where that run was deleted since. */
    private static List<Move> path(Connection connection, UUID run, String owner) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(PATH)) {
            statement.setObject(1, run);
            statement.setString(2, owner);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? MovesJson.read(row.getString("path")) : List.of();
            }
        }
    }
}
