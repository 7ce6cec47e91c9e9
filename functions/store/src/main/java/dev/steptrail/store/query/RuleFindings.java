package dev.steptrail.store.query;

import dev.steptrail.insights.RunRules;
import dev.steptrail.store.jdbc.Sql;
import dev.steptrail.store.model.FigureJson;
import dev.steptrail.store.model.TaskSummary.Finding;
import dev.steptrail.store.model.TaskSummary.Suggestion;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the rules found in a run, with the action of the first step of each finding. */
record RuleFindings(List<Finding> findings, List<Suggestion> suggestions) {
    private static final String ACTIONS = """
            SELECT step_number,
                   left(step_data #>> '{action}', 300) AS action
              FROM task_steps
             WHERE task_id = ?
               AND step_number = ANY (?)
               AND action_hash IS NOT NULL
            """;

    static RuleFindings of(Connection connection, UUID taskId, RunRules rules) throws SQLException {
        List<dev.steptrail.insights.Finding> findings = rules.findings();
        List<dev.steptrail.insights.Suggestion> suggestions = rules.suggestions();
        Set<Integer> firsts = Stream.concat(
                        findings.stream().map(finding -> finding.steps().get(0)),
                        suggestions.stream()
                                .map(suggestion -> suggestion.steps().get(0)))
                .collect(Collectors.toSet());
        Map<Integer, String> actions = new HashMap<>();
        if (!firsts.isEmpty()) {
            Sql.of(connection, ACTIONS, taskId, Sql.array("integer", firsts))
                    .forEach(row -> actions.put(row.getInt("step_number"), row.getString("action")));
        }
        return new RuleFindings(
                findings.stream()
                        .map(finding -> new Finding(
                                finding.kind(),
                                finding.steps(),
                                json(
                                        finding.detail(),
                                        actions.get(finding.steps().get(0)))))
                        .toList(),
                suggestions.stream()
                        .map(suggestion -> new Suggestion(
                                suggestion.kind(),
                                suggestion.steps(),
                                json(
                                        suggestion.figures(),
                                        actions.get(suggestion.steps().get(0)))))
                        .toList());
    }

    private static String json(Map<String, Object> values, @Nullable String firstAction) {
        Map<String, Object> all = new HashMap<>(values);
        if (firstAction != null) {
            all.put("first_action", firstAction);
        }
        return FigureJson.of(all);
    }
}
