package dev.steptrail.store.statistics;

import static dev.steptrail.store.TestMaintenance.LIMIT;
import static dev.steptrail.store.TestMaintenance.rollUp;
import static dev.steptrail.store.TestRecords.START;
import static dev.steptrail.store.TestRecords.ended;
import static dev.steptrail.store.TestRecords.message;
import static dev.steptrail.store.TestRecords.startedRepeat;
import static dev.steptrail.store.TestRecords.step;
import static dev.steptrail.store.TestRecords.with;
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
import dev.steptrail.store.TestMaintenance;
import dev.steptrail.store.TestRecords;
import dev.steptrail.store.insights.ChangedTaskProcessor;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.judgements.VerdictRepository;
import dev.steptrail.store.judgements.VerdictRepository.NewVerdict;
import dev.steptrail.store.model.StoredStep;
import dev.steptrail.store.retention.TaskDeletion;
import dev.steptrail.store.statistics.StatisticsQuery.Filter;
import dev.steptrail.store.statistics.StatisticsQuery.Grouping;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Compares statistics with a recount of tasks, steps, tokens and verdicts, and with all places that count these. */
class DailyStatisticsIT {
    private static final TestDatabase DATABASE = TestDatabase.migrated();
    private static final Database CONNECTION = DATABASE.database();
    private static final VerdictRepository VERDICTS = new VerdictRepository(CONNECTION);
    private static final StatisticsRecount RECOUNT = new StatisticsRecount(DATABASE, CONNECTION);
    private static final AtomicInteger OWNERS = new AtomicInteger();

    static {
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

    DailyStatisticsIT() {
        DATABASE.register(owner, owner, owner + "-other");
    }

    @Property(tries = 5)
    void statistics_equalARecount_afterAnyRecordsVerdictsDeletionsArchivalsOrRestores(@ForAll Random random) {
        List<UUID> tasks = Stream.generate(() -> UuidV7.at(START)).limit(8).toList();
        for (int round = 0; round < 80; round++) {
            int number = random.nextInt(tasks.size());
            UUID task = tasks.get(number);
            switch (random.nextInt(18)) {
                case 0 ->
                    write(with(start(task, number), "onBehalfOf", random.nextBoolean() ? owner + "-other" : null));
                case 1, 2 -> write(end(task, random));
                case 3 -> write(automatic(task, random));
                case 4, 5 -> judge(task, random);
                case 6 -> deleteVerdict(task, random);
                case 7 -> delete(task, random.nextInt(4) == 0);
                case 8 -> archive(task);
                case 9 -> new ChangedTaskProcessor(CONNECTION).processNext(3, LIMIT);
                case 10 -> new DailyStatistics(CONNECTION).rebuild(2, LIMIT);
                case 11 -> restore(task);
                default -> write(step(task, number, random));
            }
        }
        for (int number = 0; number < tasks.size(); number++) {
            write(start(tasks.get(number), number));
        }
        RECOUNT.keepSteps();
        maintain();
        assertThat(RECOUNT.differences()).isEmpty();
        RECOUNT.assertAllPlacesCountTheSame(owner, filter);
        List<List<String>> unjudged = RECOUNT.unjudged();

        tasks.forEach(task -> {
            judge(task, random);
            deleteVerdict(task, random);
        });
        maintain();

        assertThat(RECOUNT.differences()).isEmpty();
        RECOUNT.assertAllPlacesCountTheSame(owner, filter);
        assertThat(RECOUNT.unjudged()).isEqualTo(unjudged);
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
                    with(ended(task, TaskStatus.SUCCEEDED, 1), "timestamp", START.plus(Duration.ofDays(1))));
            archive(task);
        }
        maintain();
        List<List<String>> unjudged = RECOUNT.unjudged();
        assertThat(passesAndFails(Grouping.DAY))
                .containsExactly("2026-03-01 1 0 1.0 1.0 0", "2026-03-02 1 0 1.0 1.0 0");

        VERDICTS.set(judged, new NewVerdict("success", Label.FAIL, null, null, null), "ann");
        maintain();

        assertThat(passesAndFails(Grouping.DAY))
                .containsExactly("2026-03-01 0 1 0.0 1.0 1", "2026-03-02 1 0 1.0 1.0 0");
        assertThat(RECOUNT.unjudged()).isEqualTo(unjudged);

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
                                String.valueOf(group.tasks().passRate()),
                                String.valueOf(group.tasks().claimedPassRate()),
                                String.valueOf(group.tasks().disagreements())))
                        .toList();
    }

    /** The number of a task determines its start day and its model. All tasks are repeats of one experiment. */
    private TaskStarted start(UUID task, int number) {
        TaskStarted start =
                startedRepeat(task, START.plus(Duration.ofDays(number % 5)), "experiment", "case-" + number % 3);
        String model = List.of("glm", "gpt", "unknown").get(number % 3);
        return with(start, "model", model, "deviceId", "phone-1", "metadata", Map.of("lab", "north"));
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
        TaskEnded end = ended(task, statuses[random.nextInt(4)], 1);
        return with(end, "timestamp", START.plus(Duration.ofDays(6)), "lastStepNumber", null);
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
        RECOUNT.keepSteps();
        DATABASE.execute("""
                DELETE FROM task_steps
                 WHERE task_id = '%1$s';
                UPDATE tasks
                   SET archived_status = status, status = 'archived'
                 WHERE deleted_at IS NULL AND status <> 'archived' AND task_id = '%1$s'
                """.formatted(task));
    }

    private static void restore(UUID task) {
        DATABASE.execute("""
                INSERT INTO task_steps (%2$s)
                SELECT %2$s
                  FROM ever
                 WHERE task_id = (SELECT task_id FROM tasks WHERE status = 'archived' AND task_id = '%1$s')
                ON CONFLICT DO NOTHING;
                UPDATE tasks
                   SET status = archived_status, archived_status = NULL, received_at = now()
                 WHERE status = 'archived' AND task_id = '%1$s'
                """.formatted(task, StoredStep.ROW.columns()));
    }

    private void write(StepRecord... records) {
        DATABASE.write(message(owner, records));
    }

    private static void maintain() {
        rollUp(CONNECTION);
        TestMaintenance.updateInsights(CONNECTION);
    }

    @Test
    void stepsThatArriveDuringARebuild_areCountedEventually() throws Exception {
        List<UUID> tasks = Stream.generate(() -> UuidV7.at(START)).limit(4).toList();
        ExecutorService pool = Executors.newFixedThreadPool(2);
        List<Future<?>> writers = new ArrayList<>();
        for (int first = 1; first <= 2; first++) {
            int from = first;
            writers.add(pool.submit(() -> {
                for (int number = from; number <= 60; number += 2) {
                    for (UUID task : tasks) {
                        write(fourADay(TestRecords.step(task, number)));
                    }
                }
            }));
        }
        while (!writers.stream().allMatch(Future::isDone)) {
            maintain();
        }
        for (Future<?> writer : writers) {
            writer.get();
        }
        pool.shutdown();

        RECOUNT.keepSteps();
        maintain();
        assertThat(RECOUNT.differences()).isEmpty();
    }

    @Test
    void namesOfMaximumLength_doNotBreakARebuild() {
        UUID task = UuidV7.at(START);
        write(TestRecords.step(task, 1));
        Random random = new Random(1);
        DATABASE.execute(
                "UPDATE tasks SET received_at = now(), owner = '%s', agent = '%s', model = '%s', device_id = '%s'"
                                .formatted(
                                        letters(random, 256),
                                        letters(random, 256),
                                        letters(random, 256),
                                        letters(random, 256))
                        + " WHERE task_id = '" + task + "'");
        DATABASE.execute(
                "UPDATE task_steps SET step_type = '%s', step_data = '{\"action\":{\"action\":\"%s\"}}' WHERE task_id = '%s'"
                        .formatted(letters(random, 100), letters(random, 100), task));

        maintain();

        for (String table : List.of("step_stats_daily", "action_stats_daily", "task_totals_daily")) {
            assertThat(DATABASE.value("SELECT total_steps FROM " + table + " WHERE length(owner) = 256"))
                    .isEqualTo("1");
        }
        delete(task, true);
    }

    private static Step fourADay(Step step) {
        return TestRecords.at(START.plus(Duration.ofHours(6L * step.stepNumber())), step);
    }

    /** Returns characters of four bytes each that cannot be compressed. */
    private static String letters(Random random, int count) {
        return random.ints(count, 0x20000, 0x2A000)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
