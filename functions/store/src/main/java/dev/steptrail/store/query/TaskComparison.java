package dev.steptrail.store.query;

import dev.steptrail.insights.Move;
import dev.steptrail.insights.PathRules;
import dev.steptrail.store.insights.TaskMoves;
import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.model.JsonColumn;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.model.TaskSummary.Finding;
import dev.steptrail.store.model.TaskSummary.Suggestion;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Compares a task with the owner's other tasks with the same instruction, using insights from maintenance. */
final class TaskComparison {
    private static final String PATH = """
            SELECT path::text AS path
              FROM task_digests
             WHERE task_id = ?
               AND owner = ?
            """;

    private TaskComparison() {}

    /** @param expectation the figures of the insight {@code expectation}, a JSON object; null if too few tasks ended */
    record Comparison(@Nullable String expectation, List<Finding> findings, List<Suggestion> suggestions) {}

    /**
     * Compares a task. For a successful task, suggests a shorter path. For any other task, reports where it deviated
     * from the usual path.
     *
     * @param insights the figures of the insights of the task's instruction, by kind
     */
    static Comparison compare(Session session, Task task, Map<String, String> insights) throws SQLException {
        String expectation = insights.get("expectation");
        boolean succeeded = Boolean.TRUE.equals(task.success());
        UUID other = otherTask(task, succeeded ? insights.get("shorter_path") : expectation);
        // Empty if the other task was deleted.
        List<Move> path = other == null
                ? List.of()
                : session.sql(PATH, other, task.owner())
                        .<List<Move>>first(row -> TaskMoves.parse(row.getString("path")))
                        .orElse(List.of());
        if (other == null || path.isEmpty()) {
            return new Comparison(expectation, List.of(), List.of());
        }
        List<Move> moves = TaskMoves.read(session, task.taskId());
        return new Comparison(
                expectation,
                succeeded
                        ? List.of()
                        : PathRules.findDeviation(path, moves).stream()
                                .map(Finding::of)
                                .toList(),
                succeeded
                        ? PathRules.suggestShorterPath(other, path, moves).stream()
                                .map(Suggestion::of)
                                .toList()
                        : List.of());
    }

    /**
     * Returns the task whose path is compared with this task's path; null if there is none, or if this task was
     * cancelled and has no verdict, because its path was interrupted.
     */
    private static @Nullable UUID otherTask(Task task, @Nullable String figures) {
        String pathOf = JsonColumn.fields(figures).get("path_of");
        if (pathOf == null || (task.verdict() == null && task.status().equals("cancelled"))) {
            return null;
        }
        UUID other = UUID.fromString(Objects.requireNonNull(JsonColumn.text(pathOf)));
        return other.equals(task.taskId()) ? null : other;
    }
}
