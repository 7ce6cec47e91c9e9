package dev.steptrail.store.statistics;

import static dev.steptrail.store.TestRecords.START;
import static dev.steptrail.store.TestRecords.message;
import static dev.steptrail.store.TestRecords.startedRepeat;
import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.ModelCall;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.Usage;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.stepformat.Verdict;
import dev.steptrail.stepformat.VerdictValue;
import dev.steptrail.stepformat.VerdictValue.Label;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.TestRecords;
import dev.steptrail.store.admin.AgentRepository;
import dev.steptrail.store.experiments.ExperimentRepository;
import dev.steptrail.store.experiments.Results;
import dev.steptrail.store.ingest.DatabaseStepWriter;
import dev.steptrail.store.insights.ChangedTaskProcessor;
import dev.steptrail.store.insights.InsightUpdater;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.judgements.VerdictRepository;
import dev.steptrail.store.judgements.VerdictRepository.NewVerdict;
import dev.steptrail.store.model.Agent;
import dev.steptrail.store.retention.TaskDeletion;
import dev.steptrail.store.statistics.StatisticsQuery.Filter;
import dev.steptrail.store.statistics.StatisticsQuery.Grouping;
import dev.steptrail.store.statistics.StatisticsQuery.StatsGroup;
import dev.steptrail.store.statistics.TaskGroupQuery.TaskGrouping;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Verdicts, tokens and cost in statistics, compared with the tasks and with all other places that count them. */
class JudgedStatisticsIT {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final TestDatabase DATABASE = TestDatabase.migrated();
    private static final Database CONNECTION = DATABASE.database();
    private static final DatabaseStepWriter WRITER = new DatabaseStepWriter(CONNECTION);
    private static final VerdictRepository VERDICTS = new VerdictRepository(CONNECTION);
    private static final AtomicInteger OWNERS = new AtomicInteger();

    /** The verdict that counts is computed here, rather than read from tasks, and does not depend on the order of arrival. */
    private static final String RECOUNTED_TASKS = """
            WITH counted AS (
                SELECT DISTINCT ON (task_id) task_id, value
                  FROM verdicts
                 WHERE name = 'success'
                   AND deleted_at IS NULL
                 ORDER BY task_id, source = 'human' DESC, judged_at DESC, judge DESC
            ), judged AS (
                SELECT (started_at AT TIME ZONE 'UTC')::date AS day,
                       owner,
                       value AS verdict,
                       CASE coalesce(archived_status, status) WHEN 'succeeded' THEN true WHEN 'running' THEN NULL ELSE false
                       END AS claimed,
                       total_steps
                  FROM tasks
                  LEFT JOIN counted USING (task_id)
                 WHERE deleted_at IS NULL
            )
            SELECT day, owner, count(*), sum(total_steps),
                   count(*) FILTER (WHERE claimed),
                   count(*) FILTER (WHERE NOT claimed),
                   count(*) FILTER (WHERE verdict = 'pass' OR verdict IS NULL AND claimed),
                   count(*) FILTER (WHERE verdict = 'fail' OR verdict IS NULL AND NOT claimed),
                   count(*) FILTER (WHERE verdict = 'unclear'),
                   count(*) FILTER (WHERE verdict = 'pass'),
                   count(*) FILTER (WHERE verdict = 'fail'),
                   count(*) FILTER (WHERE verdict = 'pass' AND NOT claimed OR verdict = 'fail' AND claimed)
              FROM judged
             GROUP BY 1, 2""";

    private static final String COUNTED_TASKS = """
            SELECT day, owner, sum(total_tasks), sum(total_steps), sum(claimed_passes), sum(claimed_fails), sum(passes),
                   sum(fails), sum(unclear), sum(verified_passes), sum(verified_fails), sum(disagreements)
              FROM task_totals_daily
             GROUP BY 1, 2""";

    private static final String TOKENS_OF_STEPS = """
            SELECT (s.created_at AT TIME ZONE 'UTC')::date, t.owner, coalesce(t.model, ''), count(*), sum(input_tokens),
                   sum(coalesce(cached_tokens, 0)), sum(output_tokens)
              FROM ever AS s
              JOIN tasks AS t USING (task_id)
             WHERE t.deleted_at IS NULL
               AND input_tokens IS NOT NULL
             GROUP BY 1, 2, 3""";

    private static final String TOKENS_OF_TASKS = """
            SELECT day, owner, coalesce(model, ''), sum(steps), sum(input_tokens), sum(cached_tokens), sum(output_tokens)
              FROM task_usage
              JOIN tasks USING (task_id)
             GROUP BY 1, 2, 3""";

    private static final String TOKENS_OF_DAYS = """
            SELECT day, owner, model, sum(usage_steps), sum(input_tokens), sum(cached_tokens), sum(output_tokens)
              FROM %s
             WHERE usage_steps > 0
             GROUP BY 1, 2, 3""";

    private static final String EXPECTATION = """
            SELECT concat_ws(' ', figures ->> 'tasks', figures ->> 'successes', coalesce(figures ->> 'verified', '0'),
                             coalesce(figures ->> 'disagreements', '0'))
              FROM insights
             WHERE kind = 'expectation' AND owner = '%s'
            """;

    /** Insights ignore cancelled tasks that have no verdict, and tasks that were archived before their start arrived. */
    private static final String SUCCESSES = """
            SELECT concat_ws(' ', count(*),
                             count(*) FILTER (WHERE success),
                             count(*) FILTER (WHERE verdict IS NOT NULL),
                             count(*) FILTER (WHERE verdict IS NOT NULL AND success <> claimed_success))
              FROM tasks
              JOIN task_digests USING (task_id)
             WHERE tasks.owner = '%s'
               AND instruction <> ''
               AND success IS NOT NULL
               AND (verdict IS NOT NULL OR end_reason IS DISTINCT FROM 'cancelled')
            HAVING count(*) >= 5
            """;

    /** What no verdict may change. */
    private static final List<String> UNJUDGED = List.of(
            "SELECT d::text FROM task_stats_daily AS d ORDER BY 1",
            "SELECT d::text FROM action_stats_daily AS d ORDER BY 1",
            "SELECT d::text FROM step_stats_daily AS d ORDER BY 1",
            "SELECT u::text FROM task_usage AS u ORDER BY 1",
            "SELECT s::text FROM task_steps AS s ORDER BY 1",
            "SELECT d::text FROM task_digests AS d ORDER BY 1",
            """
            SELECT (day, owner, agent, model, device_id, end_reason, total_tasks, claimed_passes, claimed_fails, total_steps,
                    durations)::text
              FROM task_totals_daily
             ORDER BY 1""",
            """
            SELECT (task_id, status, end_reason, started_at, ended_at, claimed_success, total_steps, successful_steps,
                    failed_steps, total_duration_ms, conflicting_steps)::text
              FROM tasks
             ORDER BY 1""");

    static {
        DATABASE.execute("CREATE TABLE ever (LIKE task_steps INCLUDING INDEXES)");
        DATABASE.execute("""
                INSERT INTO prices (model, valid_from, currency, input_price, cached_price, output_price, set_by)
                VALUES ('glm', '2026-02-01', 'USD', 0.3, 0.07, 1.1, 'root'),
                       ('glm', '2026-03-04', 'CNY', 2.1, 0.5, 7, 'root'),
                       ('gpt', '2026-03-03', 'USD', 3, 0.3, 15, 'root')
                """);
    }

    private final String owner = "owner-" + OWNERS.incrementAndGet();

    private final Filter filter =
            new Filter(owner, LocalDate.of(2026, 2, 1), LocalDate.of(2026, 4, 30), null, null, null, null);

    JudgedStatisticsIT() {
        new AgentRepository(CONNECTION).register(new Agent(owner, owner, List.of()));
    }

    @Property(tries = 10)
    void totals_equalTheTasks_afterAnyRecordsVerdictsAndDeletions(@ForAll long seed) {
        Random random = new Random(seed);
        List<UUID> tasks = Stream.generate(() -> UuidV7.at(START)).limit(8).toList();
        for (int round = 0; round < 80; round++) {
            int number = random.nextInt(tasks.size());
            UUID task = tasks.get(number);
            switch (random.nextInt(16)) {
                case 0 -> write(start(task, number));
                case 1, 2 -> write(end(task, random));
                case 3 -> write(automatic(task, random));
                case 4, 5 -> judge(task, random);
                case 6 -> deleteVerdict(task, random);
                case 7 -> delete(task, random.nextInt(4) == 0);
                case 8 -> archive(task);
                case 9 -> new ChangedTaskProcessor(CONNECTION).processNext(3, LIMIT);
                case 10 -> new DailyStatistics(CONNECTION).rebuild(2, LIMIT);
                default -> write(step(task, number, random));
            }
        }
        for (int number = 0; number < tasks.size(); number++) {
            write(start(tasks.get(number), number));
        }
        keepSteps();
        maintain();
        assertThat(differences()).isEmpty();
        assertThatAllPlacesCountTheSame();
        List<List<String>> unjudged = UNJUDGED.stream().map(DATABASE::column).toList();

        tasks.forEach(task -> {
            judge(task, random);
            deleteVerdict(task, random);
        });
        maintain();

        assertThat(differences()).isEmpty();
        assertThatAllPlacesCountTheSame();
        assertThat(UNJUDGED.stream().map(DATABASE::column).toList()).isEqualTo(unjudged);
    }

    @Test
    void lateVerdict_correctsTheDayOfAnArchivedTask_andNothingElse() {
        UUID judged = UuidV7.at(START);
        UUID other = UuidV7.at(START);
        Random random = new Random(1);
        for (UUID task : List.of(judged, other)) {
            write(
                    start(task, task == judged ? 0 : 1),
                    step(task, 1, random),
                    new TaskEnded(
                            task, START.plus(Duration.ofDays(1)), TaskStatus.SUCCEEDED, null, "done", null, Map.of()));
            archive(task);
        }
        maintain();
        List<List<String>> unjudged = UNJUDGED.stream().map(DATABASE::column).toList();
        assertThat(passesAndFails(Grouping.DAY))
                .containsExactly("2026-03-01 1 0 1.0 1.0 0", "2026-03-02 1 0 1.0 1.0 0");

        VERDICTS.set(judged, new NewVerdict("success", Label.FAIL, null, null, null), "ann");
        maintain();

        assertThat(passesAndFails(Grouping.DAY))
                .containsExactly("2026-03-01 0 1 0.0 1.0 1", "2026-03-02 1 0 1.0 1.0 0");
        assertThat(UNJUDGED.stream().map(DATABASE::column).toList()).isEqualTo(unjudged);

        VERDICTS.set(judged, new NewVerdict("success", Label.UNCLEAR, null, null, null), "ann");
        maintain();
        assertThat(passesAndFails(Grouping.DAY))
                .containsExactly("2026-03-01 0 0 null 1.0 0", "2026-03-02 1 0 1.0 1.0 0");
        assertThat(passesAndFails(Grouping.MODEL)).containsExactly("glm 0 0 null 1.0 0", "gpt 1 0 1.0 1.0 0");
    }

    private List<String> passesAndFails(Grouping grouping) {
        return new StatisticsQuery(CONNECTION)
                .groups(filter, grouping).stream()
                        .filter(group -> group.tasks() != null && group.tasks().total() > 0)
                        .map(group -> String.join(
                                " ",
                                group.key(),
                                String.valueOf(group.tasks().passes()),
                                String.valueOf(group.tasks().fails()),
                                String.valueOf(group.tasks().successRate()),
                                String.valueOf(group.tasks().claimedSuccessRate()),
                                String.valueOf(group.tasks().disagreements())))
                        .toList();
    }

    /** The number of a task determines its start day and its model. All tasks are repeats of one experiment. */
    private StepRecord start(UUID task, int number) {
        TaskStarted start =
                startedRepeat(task, START.plus(Duration.ofDays(number % 5)), "experiment", "case-" + number % 3);
        return new TaskStarted(
                start.taskId(),
                start.timestamp(),
                start.name(),
                start.description(),
                start.agent(),
                List.of("glm", "gpt", "unknown").get(number % 3),
                start.deviceId(),
                null,
                null,
                Map.of("lab", "north"),
                start.experimentCase(),
                Map.of());
    }

    /** Two steps a day. A third has no tokens, and some have more cached tokens than input tokens. */
    private static StepRecord step(UUID task, int number, Random random) {
        int stepNumber = 1 + random.nextInt(12);
        Instant time = START.plus(Duration.ofDays(number % 5)).plus(Duration.ofHours(12L * stepNumber));
        Step step = TestRecords.at(time, TestRecords.step(task, stepNumber));
        return stepNumber % 3 == 0
                ? step.withModelCall(ModelCall.ofUsage(Usage.of(null, null, null)))
                : step.withModelCall(ModelCall.ofUsage(Usage.of(
                        100 * stepNumber, stepNumber % 2 == 0 ? null : 170 - 20 * stepNumber % 170, stepNumber)));
    }

    private static StepRecord end(UUID task, Random random) {
        TaskStatus[] statuses = {TaskStatus.SUCCEEDED, TaskStatus.SUCCEEDED, TaskStatus.FAILED, TaskStatus.CANCELLED};
        return new TaskEnded(
                task, START.plus(Duration.ofDays(6)), statuses[random.nextInt(4)], null, "done", null, Map.of());
    }

    private static StepRecord automatic(UUID task, Random random) {
        boolean isScore = random.nextInt(4) == 0;
        VerdictValue value = isScore ? new VerdictValue.Score(0.5) : label(random);
        return new Verdict(
                task,
                START.plusSeconds(random.nextInt(5)),
                isScore ? "efficiency" : Verdict.SUCCESS,
                value,
                "judge-" + random.nextInt(2),
                "1",
                "because",
                Map.of());
    }

    private static Label label(Random random) {
        return Label.values()[random.nextInt(3)];
    }

    private static void judge(UUID task, Random random) {
        String evaluator = random.nextBoolean() ? "judge-0" : null;
        VERDICTS.set(
                task,
                new NewVerdict("success", label(random), evaluator, evaluator == null ? null : "2", null),
                random.nextBoolean() ? "ann" : "bob");
    }

    private static void deleteVerdict(UUID task, Random random) {
        List<String> ids = DATABASE.column("SELECT id FROM verdicts WHERE task_id = '" + task + "' ORDER BY id");
        if (!ids.isEmpty()) {
            VERDICTS.delete(task, Long.parseLong(ids.get(random.nextInt(ids.size()))), "ann");
        }
    }

    private static void delete(UUID task, boolean really) {
        if (really) {
            new TaskDeletion(CONNECTION).delete(task, "ann");
        }
    }

    /** Archives a task as retention does, once its steps are counted. */
    private static void archive(UUID task) {
        maintain();
        keepSteps();
        DATABASE.execute("""
                DELETE FROM task_steps
                 WHERE task_id = '%1$s';
                UPDATE tasks
                   SET archived_status = status, status = 'archived'
                 WHERE deleted_at IS NULL AND status <> 'archived' AND task_id = '%1$s'
                """.formatted(task));
    }

    private static void keepSteps() {
        DATABASE.execute("INSERT INTO ever SELECT * FROM task_steps ON CONFLICT DO NOTHING");
    }

    private void write(StepRecord... records) {
        WRITER.write(List.of(message(owner, records)));
    }

    private static void maintain() {
        while (new ChangedTaskProcessor(CONNECTION).processNext(100, LIMIT).isPresent()) {
            // until no changed task is left
        }
        while (new DailyStatistics(CONNECTION).rebuild(5, LIMIT).isPresent()) {
            // until no day is stale
        }
        while (new InsightUpdater(CONNECTION).updateNext(LIMIT).isPresent()) {
            // until no instruction is stale
        }
    }

    private static List<String> differences() {
        return Stream.of(
                        differences(RECOUNTED_TASKS, COUNTED_TASKS),
                        differences(TOKENS_OF_STEPS, TOKENS_OF_TASKS),
                        differences(TOKENS_OF_TASKS, TOKENS_OF_DAYS.formatted("step_stats_daily")),
                        differences(TOKENS_OF_TASKS, TOKENS_OF_DAYS.formatted("action_stats_daily")))
                .flatMap(List::stream)
                .toList();
    }

    private static List<String> differences(String first, String second) {
        return DATABASE.column(
                "SELECT differing::text FROM ((%1$s EXCEPT %2$s) UNION ALL (%2$s EXCEPT %1$s)) AS differing"
                        .formatted("(" + first + ")", "(" + second + ")"));
    }

    /** Sums over groups, such as days. Each task is in one group. */
    private record Sums(
            long tasks, long passes, long fails, long unclear, long disagreements, long tokens, String cost) {
        static Sums of(List<StatsGroup> groups) {
            long[] sums = new long[6];
            Map<String, BigDecimal> amounts = new TreeMap<>();
            long unpriced = 0;
            for (StatsGroup group : groups) {
                StatsGroup.Tasks tasks = group.tasks();
                if (tasks != null) {
                    sums[0] += tasks.total();
                    sums[1] += tasks.passes();
                    sums[2] += tasks.fails();
                    sums[3] += tasks.unclear();
                    sums[4] += tasks.disagreements();
                }
                if (group.usage() != null) {
                    sums[5] += group.usage().inputTokens() + group.usage().outputTokens();
                    group.cost().amounts().forEach((currency, sum) -> amounts.merge(currency, sum, BigDecimal::add));
                    unpriced += group.cost().unpricedTokens();
                }
            }
            return new Sums(sums[0], sums[1], sums[2], sums[3], sums[4], sums[5], text(amounts, unpriced));
        }

        static Sums of(Results results) {
            Results.Counts counts = results.counts();
            return new Sums(
                    counts.tasks(),
                    counts.passes(),
                    counts.fails(),
                    counts.unclear(),
                    counts.disagreements(),
                    counts.inputTokens() + counts.outputTokens(),
                    text(results.cost().amounts(), results.cost().unpricedTokens()));
        }

        private static String text(Map<String, BigDecimal> amounts, long unpriced) {
            List<String> parts = new ArrayList<>();
            amounts.forEach((currency, amount) ->
                    parts.add(currency + " " + amount.stripTrailingZeros().toPlainString()));
            return String.join(", ", parts) + ", " + unpriced + " unpriced";
        }

        Sums withoutTasks() {
            return new Sums(0, 0, 0, 0, 0, tokens, cost);
        }
    }

    private void assertThatAllPlacesCountTheSame() {
        Results results = new ExperimentRepository(CONNECTION)
                .find(owner, "experiment")
                .map(experiment -> experiment.total())
                .orElse(Results.NONE);
        Sums expected = Sums.of(results);
        StatisticsQuery query = new StatisticsQuery(CONNECTION);
        for (Grouping grouping : List.of(Grouping.DAY, Grouping.AGENT, Grouping.MODEL, Grouping.DEVICE_ID)) {
            assertThat(Sums.of(query.groups(filter, grouping)))
                    .as(grouping.toString())
                    .isEqualTo(expected);
        }
        for (Grouping grouping : List.of(Grouping.STEP_TYPE, Grouping.ACTION)) {
            assertThat(Sums.of(query.groups(filter, grouping)))
                    .as(grouping.toString())
                    .isEqualTo(expected.withoutTasks());
        }
        for (TaskGrouping grouping : List.of(
                TaskGrouping.TAG, TaskGrouping.INSTRUCTION, TaskGrouping.VERDICT, TaskGrouping.metadata("lab"))) {
            assertThat(Sums.of(new TaskGroupQuery(CONNECTION)
                            .groups(filter, grouping)
                            .orElseThrow()))
                    .as(grouping.toString())
                    .isEqualTo(expected);
        }
        assertThat(DATABASE.column(EXPECTATION.formatted(owner)))
                .isEqualTo(DATABASE.column(SUCCESSES.formatted(owner)));
    }
}
