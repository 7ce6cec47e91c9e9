package dev.steptrail.store.query;

import dev.steptrail.insights.InstructionText;
import dev.steptrail.insights.TaskRules;
import dev.steptrail.store.insights.StepScreens;
import dev.steptrail.store.insights.StepScreens.Screen;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.RecordMapper;
import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.model.StepOutcome;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.model.TaskSummary;
import dev.steptrail.store.model.TaskSummary.ErrorCause;
import dev.steptrail.store.model.TaskSummary.LostScreenshot;
import dev.steptrail.store.model.TaskSummary.LostScreenshots;
import dev.steptrail.store.query.TaskComparison.Comparison;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/** Summarises the steps of a task for its report. */
public final class TaskSummariser {
    /** The maximum length of a list in a summary. */
    public static final int MAX_LISTED = 1000;

    /** The maximum size of all error messages in UTF-8. They must fit into one response with the task. */
    static final int MAX_ERROR_BYTES = 1024 * 1024;

    private static final String STEPS = """
            SELECT step_number, step_type, action_name, action_hash, action_place, duration_ms, model_ms, lost_screenshots,
                   (extract(epoch FROM created_at) * 1000)::bigint AS ended_at,
                   NOT %1$s AS failed,
                   CASE WHEN NOT %1$s THEN left(%2$s, 2000) END AS error,
                   screenshot_path IS NOT NULL AS has_screenshot
              FROM task_steps
             WHERE task_id = ?
               AND step_number > ?
             ORDER BY step_number
             LIMIT ?
            """.formatted(StepOutcome.SUCCEEDED, StepOutcome.ERROR);

    /**
     * Selects the findings of the task and the insights of its text, in one statement to save a round trip. The limits,
     * and the omission of the usual path, keep the response small.
     */
    private static final String FINDINGS = """
            (SELECT 'finding'     AS source,
                    kind,
                    steps[1:1000] AS steps,
                    detail::text  AS figures
               FROM findings
              WHERE task_id = ?
              ORDER BY kind
              LIMIT 100)
            UNION ALL
            SELECT 'insight',
                   kind,
                   NULL,
                   (figures - 'usual_path')::text
              FROM insights
             WHERE owner = ?
               AND instruction = ?
               AND kind IN ('expectation', 'shorter_path')
            """;

    /** The field is not part of the format, so it may contain any JSON. An element's count may exceed one. */
    private static final String LOST_SCREENSHOTS = """
            SELECT step_number,
                   left(lost.value ->> 'role', 20)    AS role,
                   left(lost.value ->> 'reason', 200) AS reason,
                   item.count,
                   sum(item.count) OVER ()            AS total
              FROM task_steps
             CROSS JOIN LATERAL json_array_elements(CASE json_typeof(step_data -> 'lost_screenshots')
                                                         WHEN 'array' THEN step_data -> 'lost_screenshots'
                                                    END)
                   WITH ORDINALITY AS lost (value, place)
             CROSS JOIN LATERAL (SELECT CASE WHEN lost.value ->> 'count' ~ '^[0-9]{1,9}$'
                                             THEN (lost.value ->> 'count')::bigint
                                             ELSE 1
                                        END AS count) AS item
             WHERE task_id = ?
               AND lost_screenshots
             ORDER BY step_number, place
             LIMIT 1000
            """;

    private static final RecordMapper<LostScreenshot> LOST_SCREENSHOT = RecordMapper.of(LostScreenshot.class);

    /** The number of rows per statement. A task may have a million steps, each with an error. */
    private static final int BATCH = 5_000;

    private final Database database;

    public TaskSummariser(Database database) {
        this.database = database;
    }

    /** Returns the summary of a task, without a comparison with other runs. All zeros for a task without steps. */
    public TaskSummary summarise(Task task) {
        return summarise(task, "");
    }

    /** Returns the summary with a comparison to the owner's other runs, for callers who may read those. */
    public TaskSummary summariseAmongOthers(Task task) {
        return summarise(task, InstructionText.from(task.description(), task.name()));
    }

    /** @param text the instruction with whose runs the task is compared; empty for no comparison */
    private TaskSummary summarise(Task task, String text) {
        // Any plan reads a single batch well, and planning takes a tenth of the time of a short report.
        boolean isOneBatch = task.totalSteps() <= BATCH;
        return database.readOnce(work -> {
            Session session = isOneBatch ? work.withGenericPlans() : work;
            StepFigures steps = new StepFigures();
            TaskRules rules = new TaskRules();
            read(session, task.taskId(), steps, rules);
            List<ErrorCause> causes = steps.errors.causes();
            RuleFindings found = RuleFindings.of(session, task.taskId(), rules);
            Known known = Known.of(session, task, text);
            Comparison compared = TaskComparison.of(session, task, known.insights());
            return new TaskSummary(
                    steps.durations.durations(),
                    steps.intervals.durations(),
                    steps.gaps.durations(),
                    steps.modelTimes.durations(),
                    steps.byType(),
                    steps.byAction(),
                    steps.timeline.stretches(),
                    steps.errors.listed(),
                    causes,
                    steps.firstWithScreenshot() == 0
                            ? List.of()
                            : KeyScreenshots.of(
                                    session,
                                    task.taskId(),
                                    steps.firstWithScreenshot(),
                                    steps.lastWithScreenshot(),
                                    causes),
                    steps.haveLostScreenshots()
                            ? lostScreenshots(session, task.taskId())
                            : new LostScreenshots(0, List.of()),
                    steps.missing(task.lastStepNumber()),
                    Stream.of(known.findings(), found.findings(), compared.findings())
                            .flatMap(List::stream)
                            .toList(),
                    Stream.concat(found.suggestions().stream(), compared.suggestions().stream())
                            .toList(),
                    compared.expectation());
        });
    }

    /**
     * Adds all steps to the figures and, with their screens, to the rules. If there are screenshots without a step, the
     * last steps of a batch may lack their screens.
     */
    private static void read(Session session, UUID taskId, StepFigures figures, TaskRules rules) throws SQLException {
        List<StepFigure> steps = new ArrayList<>();
        Map<Integer, Screen> screens = new HashMap<>();
        do {
            int after = figures.last();
            steps.clear();
            screens.clear();
            session.sql(STEPS + ";\n" + StepScreens.BEFORE, taskId, after, BATCH, taskId, after, BATCH)
                    .forEachResult(row -> steps.add(StepFigure.ROW.map(row)), row -> StepScreens.add(row, screens));
            steps.forEach(figures::add);
            steps.forEach(step -> rules.add(step.toRunStep(screens.get(step.stepNumber()))));
        } while (steps.size() == BATCH);
    }

    /** @param insights the figures of the insights of the text, by kind */
    private record Known(List<TaskSummary.Finding> findings, Map<String, String> insights) {
        static Known of(Session session, Task task, String text) throws SQLException {
            List<TaskSummary.Finding> findings = new ArrayList<>();
            Map<String, String> insights = new HashMap<>();
            session.sql(FINDINGS, task.taskId(), task.owner(), text).forEach(row -> {
                String kind = row.getString("kind");
                String figures = row.getString("figures");
                if (row.getString("source").equals("insight")) {
                    insights.put(kind, figures);
                } else {
                    List<Integer> steps =
                            List.of((Integer[]) row.getArray("steps").getArray());
                    findings.add(new TaskSummary.Finding(kind, steps, figures));
                }
            });
            return new Known(findings, insights);
        }
    }

    private static LostScreenshots lostScreenshots(Session session, UUID taskId) throws SQLException {
        long[] total = {0};
        List<LostScreenshot> listed = session.sql(LOST_SCREENSHOTS, taskId).list(row -> {
            total[0] = row.getLong("total");
            return LOST_SCREENSHOT.map(row);
        });
        return new LostScreenshots(total[0], listed);
    }
}
