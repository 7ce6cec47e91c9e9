package dev.steptrail.store.query;

import dev.steptrail.insights.InstructionText;
import dev.steptrail.insights.TaskRules;
import dev.steptrail.store.insights.StepScreenHashes;
import dev.steptrail.store.insights.StepScreenHashes.Screen;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.RecordMapper;
import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.jdbc.Sql;
import dev.steptrail.store.model.StepOutcome;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.model.TaskSummary;
import dev.steptrail.store.model.TaskSummary.Durations;
import dev.steptrail.store.model.TaskSummary.ErrorCause;
import dev.steptrail.store.model.TaskSummary.LostScreenshot;
import dev.steptrail.store.model.TaskSummary.LostScreenshots;
import dev.steptrail.store.query.TaskComparison.Comparison;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** Summarises the steps of a task for its report. */
public final class TaskSummariser {
    /** The maximum size of all error messages in UTF-8. They must fit into one response with the task. */
    static final int MAX_ERROR_BYTES = 1024 * 1024;

    /**
     * Of a task with more steps, half of this number is summarised from the start, and half from the end. Reading and
     * summarising 20,000 steps takes about as long as the rest of a request may take (0.2 s).
     */
    static final int MAX_SUMMARISED_STEPS = 20_000;

    private static final String COLUMNS = """
            SELECT step_number, step_type, action_name, action_hash, action_place, duration_ms, model_ms, lost_screenshots,
                   (extract(epoch FROM created_at) * 1000)::bigint AS ended_at,
                   NOT %1$s AS failed,
                   CASE WHEN NOT %1$s THEN error END AS error,
                   screenshot_path IS NOT NULL AS has_screenshot
              FROM task_steps
             WHERE task_id = ?
               AND step_number > ?
            """.formatted(StepOutcome.SUCCEEDED);

    private static final String STEPS = COLUMNS + " ORDER BY step_number\n LIMIT ?\n";

    /** Uses the index task_steps_failed. */
    private static final String FAILED_STEPS = COLUMNS + "   AND step_number <= ?\n   AND NOT " + StepOutcome.SUCCEEDED
            + "\n ORDER BY step_number\n LIMIT ?\n";

    /**
     * Selects the findings of the task and the insights of its instruction, in one statement to save a round trip. The
     * limits and the omission of the usual path keep the response small.
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

    /**
     * {@code lost_screenshots} is not validated, so it may contain any JSON. An element's count may exceed one. Parses
     * {@code step_data}, so it is limited to {@link TaskSummary#MAX_LISTED} steps. A step whose {@code step_data} is
     * long counts as one screenshot with an unknown role.
     */
    private static final String LOST_SCREENSHOTS = """
            SELECT step_number,
                   left(lost.value ->> 'role', 20)    AS role,
                   left(lost.value ->> 'reason', 200) AS reason,
                   item.count,
                   sum(item.count) OVER ()            AS total
              FROM task_steps
             CROSS JOIN LATERAL json_array_elements(CASE WHEN long_step_action IS NOT NULL THEN json '[null]'
                                                         WHEN json_typeof(step_data -> 'lost_screenshots') = 'array'
                                                         THEN step_data -> 'lost_screenshots'
                                                    END)
                   WITH ORDINALITY AS lost (value, place)
             CROSS JOIN LATERAL (SELECT CASE WHEN lost.value ->> 'count' ~ '^[0-9]{1,9}$'
                                             THEN (lost.value ->> 'count')::bigint
                                             ELSE 1
                                        END AS count) AS item
             WHERE task_id = ?
               AND step_number = ANY (?)
             ORDER BY step_number, place
             LIMIT 1000
            """;

    /**
     * Selects what changes if maintenance changes a finding of the task, or replaces the insights of its instruction.
     * The insights have new ids then. One index entry and at most one row per kind of finding.
     */
    private static final String RELATED_REVISION = """
            SELECT concat_ws('|',
                             (SELECT string_agg(concat_ws(' ', kind, found_at), ',' ORDER BY kind)
                                FROM findings
                               WHERE task_id = ?),
                             (SELECT max(id)
                                FROM insights
                               WHERE owner = ?
                                 AND instruction = ?),
                             (SELECT string_agg(concat_ws(' ', cost.currency, cost.amount), ',' ORDER BY u.day)
                                FROM task_usage AS u
                               CROSS JOIN LATERAL usage_cost(?, u.day, u.input_tokens, u.cached_tokens, u.output_tokens) AS cost
                               WHERE u.task_id = ?))
            """;

    private static final RecordMapper<LostScreenshot> LOST_SCREENSHOT = RecordMapper.of(LostScreenshot.class);

    /** The number of rows per statement. Each step may have a long error. */
    private static final int BATCH_SIZE = 5_000;

    private final Database database;

    public TaskSummariser(Database database) {
        this.database = database;
    }

    /** Returns the summary of a task, without a comparison with other tasks. */
    public TaskSummary summarise(Task task) {
        return summarise(task, "");
    }

    /** Returns the summary with a comparison with the owner's other tasks, for callers who may read those. */
    public TaskSummary summariseWithComparison(Task task) {
        return summarise(task, InstructionText.from(task.description(), task.name()));
    }

    /**
     * Returns a text that changes when the summary or the cost of a task may have changed. Does not read steps. The
     * caller must read the summary afterwards, so that the text is never newer than the summary. Contains the time of
     * the last write, because the revision may repeat with other content after the database was restored from a backup.
     *
     * @param task as the summary shows it
     * @param withComparison whether the summary contains a comparison with other tasks
     */
    public String revision(Task task, boolean withComparison) {
        String instruction = withComparison ? InstructionText.from(task.description(), task.name()) : "";
        return task.revision() + "|" + task.receivedAt() + "|"
                + database.lookUp(session -> session.sql(
                                RELATED_REVISION, task.taskId(), task.owner(), instruction, task.model(), task.taskId())
                        .single(row -> row.getString(1)));
    }

    /** @param instruction the instruction of the tasks to compare with; empty for no comparison */
    private TaskSummary summarise(Task task, String instruction) {
        // Any plan is fast for a single batch, and planning takes 10 % of the time of a short report.
        boolean isOneBatch = task.totalSteps() <= BATCH_SIZE;
        return database.readInAutoCommit(base -> {
            Session session = isOneBatch ? base.useGenericPlans() : base;
            StepAggregator steps = new StepAggregator();
            List<TaskRules> rules = new ArrayList<>();
            boolean truncated = read(session, task.taskId(), steps, rules);
            List<ErrorCause> causes = steps.errors.causes();
            RuleResults ruleResults = RuleResults.read(session, task.taskId(), rules);
            StoredFindings stored = StoredFindings.read(session, task, instruction);
            Comparison comparison = TaskComparison.compare(session, task, stored.insights());
            Durations durations = steps.durations.durations();
            return new TaskSummary(
                    steps.count(),
                    truncated,
                    truncated ? durations.withTotal(task.totalDurationMs()) : durations,
                    steps.intervals.durations(),
                    steps.gaps.durations(),
                    steps.modelTimes.durations(),
                    steps.byType(),
                    steps.byAction(),
                    steps.timeline.segments(),
                    steps.errors.listed(),
                    causes,
                    steps.firstWithScreenshot() == 0
                            ? List.of()
                            : KeyScreenshots.select(
                                    session,
                                    task.taskId(),
                                    steps.firstWithScreenshot(),
                                    steps.lastWithScreenshot(),
                                    causes),
                    lostScreenshots(session, task.taskId(), steps.withLostScreenshots()),
                    steps.missing(task.lastStepNumber()),
                    Stream.of(stored.findings(), ruleResults.findings(), comparison.findings())
                            .flatMap(List::stream)
                            .toList(),
                    Stream.concat(ruleResults.suggestions().stream(), comparison.suggestions().stream())
                            .toList(),
                    comparison.expectation());
        });
    }

    /**
     * Adds the steps to the aggregator: all or, of a long task, the first and the last ones, and the errors of the
     * first failed ones in between. Each range of consecutive steps has its own rules, which compare neighbouring
     * steps.
     *
     * @return whether steps were omitted
     */
    private static boolean read(Session session, UUID taskId, StepAggregator steps, List<TaskRules> rules)
            throws SQLException {
        rules.add(new TaskRules());
        read(session, taskId, MAX_SUMMARISED_STEPS / 2, steps, rules.get(0));
        Optional<Integer> lastOmitted = steps.count() < MAX_SUMMARISED_STEPS / 2
                ? Optional.empty()
                : StepRepository.findLastOmitted(session, taskId, steps.lastStepNumber(), MAX_SUMMARISED_STEPS / 2);
        if (lastOmitted.isPresent()) {
            if (!steps.errors.isFull()) {
                session.sql(FAILED_STEPS, taskId, steps.lastStepNumber(), lastOmitted.get(), TaskSummary.MAX_LISTED)
                        .forEach(row -> steps.addError(StepMetrics.ROW.map(row)));
            }
            steps.omitUpTo(lastOmitted.get());
            rules.add(new TaskRules());
        }
        read(session, taskId, MAX_SUMMARISED_STEPS, steps, rules.get(rules.size() - 1));
        return lastOmitted.isPresent();
    }

    /**
     * Adds steps to the aggregator and, with their screens, to the rules, until they have this number of steps. If
     * there are screenshots without a step, the last steps of a batch may lack their screens.
     */
    private static void read(Session session, UUID taskId, int maxCount, StepAggregator aggregator, TaskRules rules)
            throws SQLException {
        List<StepMetrics> steps = new ArrayList<>();
        Map<Integer, Screen> screens = new HashMap<>();
        int limit;
        do {
            int after = aggregator.lastStepNumber();
            limit = Math.min(BATCH_SIZE, maxCount - aggregator.count());
            steps.clear();
            screens.clear();
            session.sql(STEPS + ";\n" + StepScreenHashes.BEFORE, taskId, after, limit, taskId, after, limit)
                    .forEachResult(
                            row -> steps.add(StepMetrics.ROW.map(row)), row -> StepScreenHashes.add(row, screens));
            steps.forEach(aggregator::add);
            steps.forEach(step -> rules.add(step.toTaskStep(screens.get(step.stepNumber()))));
        } while (steps.size() == limit && aggregator.count() < maxCount);
    }

    /** @param insights the figures of the insights of the instruction, by kind */
    private record StoredFindings(List<TaskSummary.Finding> findings, Map<String, String> insights) {
        static StoredFindings read(Session session, Task task, String instruction) throws SQLException {
            List<TaskSummary.Finding> findings = new ArrayList<>();
            Map<String, String> insights = new HashMap<>();
            session.sql(FINDINGS, task.taskId(), task.owner(), instruction).forEach(row -> {
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
            return new StoredFindings(findings, insights);
        }
    }

    private static LostScreenshots lostScreenshots(Session session, UUID taskId, List<Integer> steps)
            throws SQLException {
        if (steps.isEmpty()) {
            return new LostScreenshots(0, List.of());
        }
        List<Integer> first = steps.subList(0, Math.min(steps.size(), TaskSummary.MAX_LISTED));
        long[] total = {0};
        List<LostScreenshot> listed = session.sql(LOST_SCREENSHOTS, taskId, Sql.array("integer", first))
                .list(row -> {
                    total[0] = row.getLong("total");
                    return LOST_SCREENSHOT.map(row);
                });
        return new LostScreenshots(total[0] + steps.size() - first.size(), listed);
    }
}
