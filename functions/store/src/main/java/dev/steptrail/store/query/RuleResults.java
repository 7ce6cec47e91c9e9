package dev.steptrail.store.query;

import dev.steptrail.insights.TaskRules;
import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.jdbc.Sql;
import dev.steptrail.store.model.JsonText;
import dev.steptrail.store.model.TaskSummary.Finding;
import dev.steptrail.store.model.TaskSummary.Suggestion;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The findings and suggestions of the rules for a task, each with the action of its first step. */
record RuleResults(List<Finding> findings, List<Suggestion> suggestions) {
    private static final String ACTIONS = """
            SELECT step_number,
                   left(coalesce(long_step_action, step_data #>> '{action}'), 300) AS action
              FROM task_steps
             WHERE task_id = ?
               AND step_number = ANY (?)
               AND action_hash IS NOT NULL
            """;

    /** @param rules those of each range of consecutive steps */
    static RuleResults read(Session session, UUID taskId, List<TaskRules> rules) throws SQLException {
        List<dev.steptrail.insights.Finding> findings =
                rules.stream().flatMap(each -> each.findings().stream()).toList();
        List<dev.steptrail.insights.Suggestion> suggestions =
                rules.stream().flatMap(each -> each.suggestions().stream()).toList();
        Set<Integer> firstSteps = Stream.concat(
                        findings.stream().map(dev.steptrail.insights.Finding::steps),
                        suggestions.stream().map(dev.steptrail.insights.Suggestion::steps))
                .map(steps -> steps.get(0))
                .collect(Collectors.toSet());
        Map<Integer, String> actions = new HashMap<>();
        if (!firstSteps.isEmpty()) {
            session.sql(ACTIONS, taskId, Sql.array("integer", firstSteps))
                    .forEach(row -> actions.put(row.getInt("step_number"), row.getString("action")));
        }
        return new RuleResults(
                findings.stream()
                        .map(each -> new Finding(
                                each.kind(),
                                each.steps(),
                                json(each.detail(), actions.get(each.steps().get(0)))))
                        .toList(),
                suggestions.stream()
                        .map(each -> new Suggestion(
                                each.kind(),
                                each.steps(),
                                json(each.figures(), actions.get(each.steps().get(0)))))
                        .toList());
    }

    private static String json(Map<String, Object> values, @Nullable String firstAction) {
        Map<String, Object> fields = new HashMap<>(values);
        if (firstAction != null) {
            fields.put("first_action", firstAction);
        }
        return JsonText.sorted(fields);
    }
}
