package dev.steptrail.store.usage;

import static dev.steptrail.store.TestRecords.START;
import static dev.steptrail.store.TestRecords.message;
import static dev.steptrail.store.TestRecords.step;
import static dev.steptrail.store.TestRecords.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.ExperimentCase;
import dev.steptrail.stepformat.ModelCall;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.Usage;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.TestRecords;
import dev.steptrail.store.experiments.ExperimentRepository;
import dev.steptrail.store.experiments.Results;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.retention.TaskDeletion;
import dev.steptrail.store.roles.FunctionLogin;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Compares the tokens and costs of steps, tasks and experiments with those of the records and prices. */
class UsageSumsIT {
    private static final TestDatabase DATABASE = TestDatabase.migrated();
    private static final Database API = DATABASE.database(FunctionLogin.API);
    private static final UsageRepository USAGE = new UsageRepository(API);
    private static final PriceRepository PRICES = new PriceRepository(API);
    private static final ExperimentRepository EXPERIMENTS = new ExperimentRepository(API);
    private static final TaskDeletion DELETION = new TaskDeletion(API);

    private static final LocalDate FIRST_DAY = LocalDate.of(2026, 3, 1);
    private static final int DAYS = 4;
    private static final int MAX_STEPS = 8;

    private record StepKey(UUID task, int number) {}

    /** The tokens and the cost that the test expects. */
    private record Expected(long input, long cached, long output, Cost cost) {
        static final Expected NONE = new Expected(0, 0, 0, Cost.NONE);

        static Expected of(TaskUsage usage) {
            return new Expected(usage.inputTokens(), usage.cachedTokens(), usage.outputTokens(), usage.cost());
        }

        static Expected of(Results results) {
            Results.Counts counts = results.counts();
            return new Expected(counts.inputTokens(), counts.cachedTokens(), counts.outputTokens(), results.cost());
        }

        Expected plus(Expected other) {
            return new Expected(
                    input + other.input, cached + other.cached, output + other.output, cost.plus(other.cost));
        }
    }

    /** Some tasks of an experiment of a try. */
    private static final class Scenario {
        private final Random random;
        private final String experiment = "e-" + UUID.randomUUID();
        private final String owner = "owner-" + UUID.randomUUID();
        private final List<String> models;
        private final Map<UUID, TaskStarted> tasks = new HashMap<>();
        private final Map<StepKey, Step> stored = new HashMap<>();
        private final Set<UUID> deleted = new HashSet<>();
        private final Map<String, TreeMap<LocalDate, Price>> prices = new HashMap<>();

        Scenario(Random random) {
            this.random = random;
            DATABASE.register(owner, owner);
            String prefix = UUID.randomUUID().toString();
            models =
                    new ArrayList<>(List.of(prefix, prefix + "/qwen vl|max", prefix + "x".repeat(60), prefix + "free"));
            models.add(null);
        }

        private String anyModel() {
            return models.get(random.nextInt(models.size()));
        }

        private BigDecimal anyAmount() {
            return new BigDecimal(random.nextLong(10_000_000_000_000L)).movePointLeft(random.nextInt(13));
        }

        void changePrice() {
            String model = anyModel();
            if (model == null || model.equals(models.get(3))) {
                return; // a model that never has a price
            }
            String priced = model.substring(0, Math.min(80, model.length()));
            LocalDate day = FIRST_DAY.plusDays(random.nextInt(DAYS + 2) - 1);
            TreeMap<LocalDate, Price> ofModel = prices.computeIfAbsent(priced, name -> new TreeMap<>());
            if (random.nextInt(4) == 0) {
                boolean existed = ofModel.remove(day) != null;
                assertThat(PRICES.delete(new PriceRepository.Key(priced, day), "root"))
                        .isEqualTo(existed);
                return;
            }
            String currency = List.of("USD", "CNY", "EUR").get(random.nextInt(3));
            Price price = new Price(priced, day, currency, anyAmount(), anyAmount(), anyAmount());
            PRICES.set(price, "root");
            ofModel.put(day, price);
        }

        List<StepRecord> anyRecords() {
            List<StepRecord> records = new ArrayList<>();
            int count = 1 + random.nextInt(4);
            for (int i = 0; i < count; i++) {
                UUID id = UuidV7.at(START);
                TaskStarted start = started(id);
                tasks.put(id, start);
                records.add(start);
                int lastStep = random.nextInt(MAX_STEPS + 1);
                for (int number = 1; number <= lastStep; number++) {
                    records.add(anyStep(id, number));
                    if (random.nextInt(6) == 0) {
                        records.add(anyStep(id, number)); // a conflict, unless both are equal
                    }
                }
            }
            records.addAll(records.subList(0, random.nextInt(records.size())));
            Collections.shuffle(records, random);
            return records;
        }

        private TaskStarted started(UUID id) {
            ExperimentCase repeat = new ExperimentCase(experiment, "case " + random.nextInt(2), 0, Map.of());
            return with(TestRecords.started(id), "model", anyModel(), "experimentCase", repeat);
        }

        private Step anyStep(UUID id, int number) {
            Instant midnight = FIRST_DAY
                    .plusDays(random.nextInt(DAYS))
                    .atStartOfDay(ZoneOffset.UTC)
                    .toInstant();
            Duration offset =
                    switch (random.nextInt(3)) {
                        case 0 -> Duration.ZERO;
                        case 1 -> Duration.ofDays(1).minusNanos(1);
                        default -> Duration.ofSeconds(random.nextInt(86_400));
                    };
            Step step = TestRecords.at(midnight.plus(offset), step(id, number));
            return switch (random.nextInt(4)) {
                case 0 -> step;
                case 1 -> step.withModelCall(ModelCall.ofUsage(Usage.of(anyCount(), anyCount(), anyCount())));
                default -> {
                    int input = random.nextInt(1_000_000);
                    yield step.withModelCall(
                            ModelCall.ofUsage(Usage.of(input, random.nextInt(input + 1), random.nextInt(1_000_000))));
                }
            };
        }

        private Integer anyCount() {
            return switch (random.nextInt(4)) {
                case 0 -> null;
                case 1 -> 0;
                case 2 -> Integer.MAX_VALUE;
                default -> random.nextInt(1_000_000);
            };
        }

        void write(List<StepRecord> records) {
            DATABASE.write(message(owner, records.toArray(StepRecord[]::new)));
            for (StepRecord record : records) {
                if (record instanceof Step step && !deleted.contains(step.taskId())) {
                    stored.putIfAbsent(new StepKey(step.taskId(), step.stepNumber()), step);
                }
            }
        }

        void deleteTask() {
            UUID task = new ArrayList<>(tasks.keySet()).get(random.nextInt(tasks.size()));
            if (DELETION.delete(task, owner)) {
                deleted.add(task);
                stored.keySet().removeIf(step -> step.task().equals(task));
            }
        }

        /** Returns null for a step without known tokens. */
        private Expected expected(Step step) {
            Usage usage = step.modelCall().usage();
            if (usage == null
                    || usage.inputTokens() == null && usage.cachedTokens() == null && usage.outputTokens() == null) {
                return null;
            }
            long input = count(usage.inputTokens());
            long cached = Math.min(count(usage.cachedTokens()), input);
            long output = count(usage.outputTokens());
            LocalDate day = LocalDate.ofInstant(step.timestamp(), ZoneOffset.UTC);
            String model = tasks.get(step.taskId()).model();
            String priced = model == null ? "" : model.substring(0, Math.min(80, model.length()));
            Map.Entry<LocalDate, Price> price =
                    prices.getOrDefault(priced, new TreeMap<>()).floorEntry(day);
            if (price == null) {
                return new Expected(input, cached, output, new Cost(new TreeMap<>(), input + output));
            }
            BigDecimal amount = price.getValue()
                    .inputPrice()
                    .multiply(BigDecimal.valueOf(input - cached))
                    .add(price.getValue().cachedPrice().multiply(BigDecimal.valueOf(cached)))
                    .add(price.getValue().outputPrice().multiply(BigDecimal.valueOf(output)))
                    .movePointLeft(6);
            return new Expected(
                    input,
                    cached,
                    output,
                    new Cost(new TreeMap<>(Map.of(price.getValue().currency(), amount)), 0));
        }

        private static long count(Integer tokens) {
            return tokens == null ? 0 : tokens;
        }

        void check() {
            Map<UUID, Expected> ofTasks = new HashMap<>();
            Map<StepKey, Cost> ofSteps = new HashMap<>();
            stored.forEach((key, step) -> {
                Expected expected = expected(step);
                if (expected != null) {
                    ofSteps.put(key, expected.cost());
                    ofTasks.merge(key.task(), expected, Expected::plus);
                }
            });

            checkSteps(ofSteps);
            Map<UUID, Expected> actual = new HashMap<>();
            USAGE.ofTasks(tasks.keySet()).forEach((task, usage) -> actual.put(task, Expected.of(usage)));
            assertThat(actual).isEqualTo(ofTasks);
            checkExperiment(ofTasks);
        }

        private void checkSteps(Map<StepKey, Cost> expected) {
            List<Integer> numbers = IntStream.rangeClosed(1, MAX_STEPS).boxed().toList();
            Map<StepKey, Cost> actual = new HashMap<>();
            tasks.keySet().forEach(task -> USAGE.ofSteps(task, numbers)
                    .forEach((number, cost) -> actual.put(new StepKey(task, number), cost)));
            assertThat(actual).isEqualTo(expected);
        }

        private void checkExperiment(Map<UUID, Expected> ofTasks) {
            Map<String, Expected> ofCases = new TreeMap<>();
            tasks.forEach((id, start) -> {
                if (!deleted.contains(id)) {
                    ofCases.merge(
                            String.valueOf(start.experimentCase().caseId()),
                            ofTasks.getOrDefault(id, Expected.NONE),
                            Expected::plus);
                }
            });
            Map<String, Expected> actual = new TreeMap<>();
            Expected total = ofCases.values().stream().reduce(Expected.NONE, Expected::plus);
            EXPERIMENTS.find(owner, experiment).ifPresent(found -> {
                found.cases().forEach((id, results) -> actual.put(id, Expected.of(results)));
                assertThat(Expected.of(found.total())).isEqualTo(total);
                assertThat(found.total().counts().tasksWithUsage()).isEqualTo(ofTasks.size());
            });
            assertThat(actual).isEqualTo(ofCases);
        }
    }

    @Property(tries = 60)
    void sumsOfTasksAndExperiments_areThoseOfTheirSteps(@ForAll Random random) {
        Scenario scenario = new Scenario(random);
        int changes = random.nextInt(12);
        for (int i = 0; i < changes; i++) {
            scenario.changePrice();
        }
        List<StepRecord> records = scenario.anyRecords();
        for (int from = 0; from < records.size(); ) {
            int to = Math.min(records.size(), from + 1 + random.nextInt(5));
            scenario.write(records.subList(from, to));
            if (random.nextInt(10) == 0) {
                scenario.deleteTask();
            }
            if (random.nextInt(5) == 0) {
                scenario.changePrice();
            }
            from = to;
        }

        scenario.check();
    }
}
