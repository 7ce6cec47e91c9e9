package dev.steptrail.store.query;

import dev.steptrail.insights.TaskRules;
import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.jdbc.Sql;
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
        List<dev.steptrail.insights.Finding> suggestions =
                rules.stream().flatMap(each -> each.suggestions().stream()).toList();
        Set<Integer> firstSteps = Stream.concat(findings.stream(), suggestions.stream())
                .map(each -> each.steps().get(0))
                .collect(Collectors.toSet());
        Map<Integer, String> actions = new HashMap<>();
        if (!firstSteps.isEmpty()) {
            session.sql(ACTIONS, taskId, Sql.array("integer", firstSteps))
                    .forEach(row -> actions.put(row.getInt("step_number"), row.getString("action")));
        }
        return new RuleResults(
                findings.stream()
                        .map(each -> Finding.of(withFirstAction(each, actions)))
                        .toList(),
                suggestions.stream()
                        .map(each -> Suggestion.of(withFirstAction(each, actions)))
                        .toList());
    }

    private static dev.steptrail.insights.Finding withFirstAction(
            dev.steptrail.insights.Finding found, Map<Integer, String> actions) {
        Map<String, Object> figures = new HashMap<>(found.figures());
        String action = actions.get(found.steps().get(0));
        if (action != null) {
            figures.put("first_action", action);
        }
        return new dev.steptrail.insights.Finding(found.kind(), found.steps(), figures);
    }
}
