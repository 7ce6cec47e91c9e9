package dev.steptrail.store;

import dev.steptrail.insights.AmongOthers;
import dev.steptrail.insights.Move;
import dev.steptrail.insights.TaskText;
import dev.steptrail.store.TaskSummary.Finding;
import dev.steptrail.store.TaskSummary.Suggestion;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What do the owner's other runs of what was asked for say of this one, as far as maintenance has learnt from them? */
final class CompareWithOthers {
    /** The path itself is as long as a report, and told by the insight. */
    private static final String SQL = """
            SELECT i.kind,
                   (i.figures - 'usual_path')::text AS figures,
                   d.task_id,
                   d.path::text                     AS path
              FROM insights AS i
              LEFT JOIN run_digests AS d
                ON d.task_id = (i.figures ->> 'path_of')::uuid
               AND d.owner = i.owner
             WHERE i.owner = ?
               AND i.task_text = ?
               AND i.kind IN ('expectation', 'shorter_path')
            """;

    private CompareWithOthers() {}

    /** @param expectation a JSON object of what was to be expected; null where too few runs have ended */
    record Compared(@Nullable String expectation, List<Finding> findings, List<Suggestion> suggestions) {
        static final Compared NOT = new Compared(null, List.of(), List.of());
    }

    /**
     * What the others taught.
     *
     * @param run one that goes by the path meant; null where it has none, or is deleted
     */
    private record Learned(String figures, @Nullable UUID run, List<Move> path) {}

    /** A run that succeeded found its way, which may be longer than others'; one that goes on, or failed, may have left theirs. */
    static Compared in(Connection connection, Task task) throws SQLException {
        String text = TaskText.of(task.description(), task.name());
        if (text.isEmpty()) {
            return Compared.NOT;
        }
        Map<String, Learned> learned = learned(connection, task.owner(), text);
        Learned expectation = learned.get("expectation");
        boolean succeeded = task.status().equals("succeeded");
        Learned way = succeeded ? learned.get("shorter_path") : expectation;
        List<Finding> findings = List.of();
        List<Suggestion> suggestions = List.of();
        if (way != null
                && way.run() != null
                && !way.run().equals(task.taskId())
                && !task.status().equals("cancelled")) { // whoever ended it may know why it went there
            List<Move> moves = ReadMoves.moves(connection, task.taskId());
            if (succeeded) {
                suggestions = AmongOthers.shorterPath(way.run(), way.path(), moves).stream()
                        .map(Suggestion::of)
                        .toList();
            } else {
                findings = AmongOthers.leftUsualPath(way.path(), moves).stream()
                        .map(Finding::of)
                        .toList();
            }
        }
        return new Compared(expectation == null ? null : expectation.figures(), findings, suggestions);
    }

    private static Map<String, Learned> learned(Connection connection, String owner, String text) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SQL)) {
            statement.setString(1, owner);
            statement.setString(2, text);
            Map<String, Learned> learned = new HashMap<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    String path = rows.getString("path");
                    learned.put(
                            rows.getString("kind"),
                            new Learned(
                                    rows.getString("figures"),
                                    rows.getObject("task_id", UUID.class),
                                    path == null ? List.of() : MovesJson.read(path)));
                }
            }
            return learned;
        }
    }
}
