package dev.steptrail.store.query;

import static dev.steptrail.store.TestRecords.START;
import static dev.steptrail.store.TestRecords.at;
import static dev.steptrail.store.TestRecords.ended;
import static dev.steptrail.store.TestRecords.message;
import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static dev.steptrail.store.TestRecords.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.ExperimentCase;
import dev.steptrail.stepformat.InvalidRecordException;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.stepformat.VerdictValue;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.TestFilters;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.judgements.TagRepository;
import dev.steptrail.store.judgements.VerdictRepository;
import dev.steptrail.store.judgements.VerdictRepository.NewVerdict;
import dev.steptrail.store.model.Facet;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.model.TaskFilter;
import dev.steptrail.store.retention.TaskDeletion;
import dev.steptrail.store.roles.FunctionLogin;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Compares filtered lists, read page by page with the login of the API, with a filter of all tasks in Java. */
class TaskFilterIT {
    private static final TestDatabase DATABASE = TestDatabase.migrated();
    private static final Database API = DATABASE.database(FunctionLogin.API);
    private static final TaskRepository TASKS = new TaskRepository(API);
    private static final TagRepository TAGS = new TagRepository(API);

    private static final List<String> OWNERS = List.of("alice", "bob");
    private static final List<String> SOME_TAGS = List.of("nightly", "相机", "a,b", "it's");
    private static final List<String> VERDICTS = List.of("pass", "fail", "unclear", "none");
    private static final List<String> EXPERIMENTS = List.of("e1", "e2");

    /** What the test knows about a task. */
    private record Known(
            UUID id,
            String owner,
            Instant startedAt,
            String agent,
            Set<Facet> facets,
            String verdict,
            @Nullable String experiment,
            @Nullable String caseId) {}

    private final UUID first = UuidV7.at(START);
    private final UUID second = UuidV7.at(START.plusSeconds(10));
    private final Random random = new Random(25);
    private final List<Known> tasks = new ArrayList<>();

    TaskFilterIT() {
        DATABASE.execute("TRUNCATE tasks, task_facets CASCADE");
        OWNERS.forEach(owner -> DATABASE.register(owner, owner));
    }

    @Test
    void pagesOfAnyFilter_haveTheTasksThatMatch_newestFirst() {
        for (int i = 0; i < 120; i++) {
            tasks.add(addTask());
        }
        for (int i = 0; i < 20; i++) {
            Known deleted = tasks.remove(random.nextInt(tasks.size()));
            new TaskDeletion(API).delete(deleted.id(), deleted.owner());
        }
        tasks.sort(Comparator.comparing(Known::startedAt)
                .thenComparing(known -> known.id().toString())
                .reversed());

        int found = 0;
        for (int i = 0; i < 200; i++) {
            TaskFilter filter = anyFilter();
            List<UUID> expected =
                    tasks.stream().filter(matches(filter)).map(Known::id).toList();
            assertThat(read(filter, 1 + random.nextInt(7)))
                    .as(filter.toString())
                    .isEqualTo(expected);
            assertThat(TASKS.state(filter).version().split("\\.")[0])
                    .as(filter.toString())
                    .isEqualTo(String.valueOf(expected.size()));
            assertThat(TASKS.count(filter))
                    .as(filter.toString())
                    .isEqualTo(new TaskRepository.Count(expected.size(), false));
            found += expected.size();
        }
        assertThat(found).isGreaterThan(500);
    }

    private Known addTask() {
        UUID id = UuidV7.at(START);
        String owner = one(OWNERS);
        Instant startedAt = START.plusSeconds(random.nextInt(40));
        String agent = one(List.of("a", "b"));
        String build = one(List.of("1", "2", "3"));
        String language = one(List.of("zh", "en"));
        String experiment = maybe(EXPERIMENTS);
        String caseId = experiment == null ? null : one(List.of("c1", "c2"));
        Map<String, Object> metadata = Map.of("build", Integer.valueOf(build), "phone", Map.of("lang", language));
        ExperimentCase repeat =
                experiment == null ? ExperimentCase.NONE : new ExperimentCase(experiment, caseId, 0, Map.of());
        TaskStarted started = with(started(id), "timestamp", startedAt, "agent", agent);
        DATABASE.write(message(owner, with(started, "metadata", metadata, "experimentCase", repeat)));
        Set<Facet> facets = new HashSet<>();
        facets.add(TestFilters.metadata("build", build));
        facets.add(TestFilters.metadata("phone.lang", language));
        for (String tag : SOME_TAGS) {
            if (random.nextInt(3) == 0) {
                TAGS.add(id, tag, owner);
                facets.add(Facet.tag(tag));
            }
        }
        String verdict = one(VERDICTS);
        if (!verdict.equals("none")) {
            setVerdict(id, owner, verdict);
        }
        return new Known(id, owner, startedAt, agent, facets, verdict, experiment, caseId);
    }

    private static void setVerdict(UUID task, String owner, String verdict) {
        NewVerdict newVerdict = new NewVerdict(
                "success", VerdictValue.Label.valueOf(verdict.toUpperCase(Locale.ROOT)), null, null, null);
        new VerdictRepository(API).set(task, newVerdict, owner);
    }

    private TaskFilter anyFilter() {
        Set<Facet> facets = new HashSet<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            facets.add(
                    switch (random.nextInt(4)) {
                        case 0 -> TestFilters.metadata("build", one(List.of("1", "2", "4")));
                        case 1 -> TestFilters.metadata("phone.lang", one(List.of("zh", "en")));
                        default -> Facet.tag(random.nextInt(8) == 0 ? "unknown" : one(SOME_TAGS));
                    });
        }
        return new TaskFilter(
                random.nextBoolean() ? null : one(OWNERS),
                null,
                random.nextInt(4) == 0 ? one(List.of("a", "b")) : null,
                null,
                null,
                random.nextInt(4) == 0 ? START.plusSeconds(random.nextInt(20)) : null,
                random.nextInt(4) == 0 ? START.plusSeconds(20 + random.nextInt(20)) : null,
                null,
                List.copyOf(facets),
                random.nextInt(3) == 0 ? one(VERDICTS) : null,
                random.nextInt(4) == 0 ? one(EXPERIMENTS) : null,
                random.nextInt(6) == 0 ? one(List.of("c1", "c2")) : null);
    }

    private static Predicate<Known> matches(TaskFilter filter) {
        return known -> isNullOr(filter.owner(), known.owner())
                && isNullOr(filter.agent(), known.agent())
                && (filter.since() == null || !known.startedAt().isBefore(filter.since()))
                && (filter.until() == null || known.startedAt().isBefore(filter.until()))
                && known.facets().containsAll(filter.facets())
                && isNullOr(filter.verdict(), known.verdict())
                && isNullOr(filter.experiment(), known.experiment())
                && isNullOr(filter.caseId(), known.caseId());
    }

    private static boolean isNullOr(@Nullable String wanted, @Nullable String value) {
        return wanted == null || wanted.equals(value);
    }

    /** Reads all pages as the API does. */
    private static List<UUID> read(TaskFilter filter, int limit) {
        List<UUID> read = new ArrayList<>();
        TaskRepository.Key after = null;
        Page<Task> page;
        Optional<TaskRepository.Key> end;
        do {
            end = filter.isSearch() ? TASKS.findSearchEnd(filter, after) : Optional.empty();
            page = TASKS.page(filter, after, end.orElse(null), limit);
            page.items().forEach(task -> read.add(task.taskId()));
            after = page.hasMore()
                    ? TaskRepository.Key.of(page.items().get(page.items().size() - 1))
                    : end.orElse(null);
        } while (after != null);
        return read;
    }

    private <T> T one(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    private <T> @Nullable T maybe(List<T> values) {
        return random.nextBoolean() ? one(values) : null;
    }

    @Test
    void searchOfAFrequentValue_isBounded_andStopsAtTheRarestRange() {
        DATABASE.execute("INSERT INTO tasks (task_id, owner, agent, started_at, tags, metadata)"
                + " SELECT gen_random_uuid(), 'alice', CASE WHEN n = 1 THEN 'rare' ELSE 'a' END, to_timestamp(n),"
                + " CASE WHEN n IN (1, 20000) THEN '{often,rare}'::text[] ELSE '{often}' END,"
                + " json_build_object('build', n % 10) FROM generate_series(1, 20000) AS n");
        TaskFilter often = TestFilters.of("alice", List.of(Facet.tag("often")));

        assertThat(often.isSearch()).isFalse();
        assertThat(TASKS.count(often, null, 50)).isEqualTo(50);
        TaskFilter search = withAgent(often, "rare");
        Optional<TaskRepository.Key> end = TASKS.findSearchEnd(search, null);
        assertThat(end.orElseThrow().startedAt()).isEqualTo(Instant.ofEpochSecond(10_001));
        assertThat(TASKS.page(search, null, end.get(), 10).items()).isEmpty();
        assertThat(read(search, 10)).hasSize(1);

        for (Facet other : List.of(Facet.tag("rare"), TestFilters.metadata("build", "1"))) {
            TaskFilter both = TestFilters.of("alice", List.of(Facet.tag("often"), other));
            assertThat(both.isSearch()).isTrue();
            assertThat(TASKS.findSearchEnd(both, null)).as(other.toString()).isEmpty();
        }
        assertThat(read(TestFilters.of("alice", List.of(Facet.tag("often"), Facet.tag("rare"))), 10))
                .hasSize(2);
    }

    @Test
    void oneFilter_readsAboutAsManyRowsAsItReturns_whereverTheTasksAre() {
        DATABASE.execute("INSERT INTO tasks (task_id, owner, started_at, tags, metadata, verdict, verdict_source)"
                + " SELECT gen_random_uuid(), 'alice', to_timestamp(n), CASE WHEN n <= 10000 THEN '{old}' ELSE '{new}' END::text[],"
                + " json_build_object('age', CASE WHEN n <= 10000 THEN 'old' ELSE 'new' END),"
                + " CASE WHEN n <= 10000 THEN 'pass' END, CASE WHEN n <= 10000 THEN 'human' END"
                + " FROM generate_series(1, 20000) AS n");
        DATABASE.execute("VACUUM ANALYZE tasks, task_facets");
        TaskRepository.Key after = new TaskRepository.Key(Instant.ofEpochSecond(5000), UuidV7.at(START));

        for (String owner : Arrays.asList("alice", null)) {
            for (TaskFilter filter : List.of(
                    TestFilters.of(owner, List.of(Facet.tag("old"))),
                    TestFilters.of(owner, List.of(TestFilters.metadata("age", "old"))),
                    withVerdict(owner, null, null),
                    withVerdict(owner, Instant.ofEpochSecond(10), Instant.ofEpochSecond(9000)))) {
                for (TaskRepository.Key position : Arrays.asList(null, after)) {
                    long before = rowsRead();
                    assertThat(TASKS.page(filter, position, null, 50).items()).hasSize(50);
                    assertThat(rowsRead() - before)
                            .as("%s after %s", filter, position)
                            .isBetween(50L, 110L);
                }
            }
        }
    }

    private static TaskFilter withVerdict(@Nullable String owner, @Nullable Instant since, @Nullable Instant until) {
        return new TaskFilter(owner, null, null, null, null, since, until, null, List.of(), "pass", null, null);
    }

    /** Returns the number of rows that scans of both tables have returned in this database. */
    private static long rowsRead() {
        // A server process writes its statistics at the latest when it ends.
        DATABASE.column("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
                + " WHERE datname = current_database() AND pid <> pg_backend_pid()");
        return Long.parseLong(DATABASE.value("SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0))"
                + " FROM pg_stat_user_tables WHERE relname IN ('tasks', 'task_facets')"));
    }

    private static TaskFilter withAgent(TaskFilter filter, String agent) {
        return new TaskFilter(
                filter.owner(), null, agent, null, null, null, null, null, filter.facets(), null, null, null);
    }

    @Test
    void textSearch_withATag_readsOnlyTheTextsOfTaggedTasks() {
        DATABASE.execute("INSERT INTO tasks (task_id, owner, description, started_at, tags)"
                + " SELECT gen_random_uuid(), 'alice', repeat('Ab', 131000) || CASE WHEN n IN (1, 80) THEN 'needle' END,"
                + " to_timestamp(n), CASE WHEN n % 8 = 0 THEN '{t}'::text[] ELSE '{}' END"
                + " FROM generate_series(1, 80) AS n");
        TaskFilter filter = new TaskFilter(
                null, null, null, null, null, null, null, "needle", List.of(Facet.tag("t")), null, null, null);

        assertThat(TASKS.findSearchEnd(filter, null)).isEmpty();
        assertThat(read(filter, 10)).hasSize(1);
    }

    @Test
    void hasFacet_isTrueForKeysOfTheOwnersTasks() {
        DATABASE.execute("INSERT INTO tasks (task_id, owner, started_at, metadata) VALUES (gen_random_uuid(), 'alice',"
                + " now(), '{\"a\":{\"b\":{\"c\":1,\"d\":{\"e\":2}}},\"list\":[1]}')");

        assertThat(TASKS.hasFacet("alice", "metadata.a.b.c")).isTrue();
        assertThat(TASKS.hasFacet(null, "metadata.a.b.c")).isTrue();
        assertThat(TASKS.hasFacet("bob", "metadata.a.b.c")).isFalse();
        for (String other : List.of("metadata.a", "metadata.a.b", "metadata.a.b.d.e", "metadata.list", "metadata.")) {
            assertThat(TASKS.hasFacet("alice", other)).as(other).isFalse();
        }
    }

    @Test
    void valuesWithTheSamePath_areBothFound() {
        DATABASE.execute("INSERT INTO tasks (task_id, owner, started_at, metadata) VALUES (gen_random_uuid(), 'alice',"
                + " now(), '{\"a.b\":\"1\",\"a\":{\"b\":\"2\"}}')");

        for (String value : List.of("1", "2")) {
            assertThat(read(TestFilters.of("alice", List.of(TestFilters.metadata("a.b", value))), 10))
                    .as(value)
                    .hasSize(1);
        }
    }

    @Test
    void anyMetadata_isStored_and50ValuesAreFound() throws InvalidRecordException {
        UUID task = UuidV7.at(START);
        Map<String, Object> metadata = new HashMap<>();
        metadata.put("nul", "a\0b");
        metadata.put("k\0", "v");
        metadata.put("half", "a\uD800");
        metadata.put("long", "相".repeat(1000));
        metadata.put("x".repeat(10_000), "long key");
        metadata.put("null", null);
        metadata.put("big", new BigDecimal("1e400"));
        metadata.put("", "empty");
        for (int i = 0; i < 100; i++) {
            metadata.put("z" + i, i);
        }
        TaskStarted sent = with(started(task), "metadata", metadata);
        DATABASE.write(message("alice", RecordCodec.decode(RecordCodec.encode(sent))));

        assertThat(read(TaskFilter.forOwner("alice"), 10)).containsExactly(task);
        for (Facet facet : List.of(TestFilters.metadata("long", "相".repeat(200)), TestFilters.metadata("z0", "0"))) {
            assertThat(read(TestFilters.of("alice", List.of(facet)), 10))
                    .as(facet.toString())
                    .containsExactly(task);
        }
        assertThat(DATABASE.count("task_facets")).isEqualTo(50);
    }

    @Test
    void changeOfOneProperty_movesTheTask() {
        UUID task = UuidV7.at(START);
        UUID other = UuidV7.at(START);
        DATABASE.execute("INSERT INTO tasks (task_id, owner, started_at, tags) VALUES ('" + task
                + "', 'alice', '2026-03-02', '{}'), ('" + other + "', 'alice', '2026-03-01', '{t}')");
        TaskFilter tagged = TestFilters.of("alice", List.of(Facet.tag("t")));

        assertThat(read(tagged, 10)).containsExactly(other);
        TAGS.add(task, "t", "alice");
        assertThat(read(tagged, 10)).containsExactly(task, other);
        DATABASE.execute("UPDATE tasks SET started_at = '2026-02-28' WHERE task_id = '" + task + "'");
        assertThat(read(tagged, 10)).containsExactly(other, task);
        DATABASE.execute("UPDATE tasks SET owner = 'bob' WHERE task_id = '" + task + "'");
        assertThat(read(tagged, 10)).containsExactly(other);
        assertThat(read(TestFilters.of("bob", tagged.facets()), 10)).containsExactly(task);
        TAGS.remove(task, "t", "bob");
        assertThat(read(TestFilters.of(null, tagged.facets()), 10)).containsExactly(other);
        setVerdict(other, "alice", "pass");
        assertThat(read(withVerdict("alice", null, null), 10)).containsExactly(other);
        setVerdict(other, "alice", "fail");
        assertThat(read(withVerdict("alice", null, null), 10)).isEmpty();
    }

    @Test
    void announcedTask_keepsItsPositionWhenRecordsArrive() {
        write(startedAt(first, 0), startedAt(second, 10));

        write(at(START.minusSeconds(60), step(second, 1)), startedAt(first, 60));

        assertThat(read(TaskFilter.forOwner("alice"), 10)).containsExactly(second, first);
    }

    @Test
    void taskWhoseStepsArriveFirst_movesWhenItStarts_soAPageMayRepeatIt() {
        write(startedAt(first, 0), at(START.plusSeconds(20), step(second, 1)));
        Page<Task> top = page(null, 1);

        write(startedAt(second, -10));

        assertThat(top.items()).extracting(Task::taskId).containsExactly(second);
        assertThat(top.items().get(0).startReceived()).isFalse();
        assertThat(page(TaskRepository.Key.of(top.items().get(0)), 10).items())
                .extracting(Task::taskId)
                .containsExactly(first, second);
    }

    @Test
    void anyLargeField_endsAPage() {
        Map<String, Object> much = Map.of("x_log", "x".repeat(200_000));
        for (int i = 0; i < 30; i++) {
            UUID task = UuidV7.at(START);
            write(startedAt(task, 0), with(ended(task, TaskStatus.SUCCEEDED, 0), "unknown", much));
        }

        Page<Task> page = page(null, 1000);

        assertThat(page.hasMore()).isTrue();
        assertThat(page.items()).hasSizeBetween(20, 22);
    }

    private static void write(StepRecord... records) {
        DATABASE.write(message("alice", records));
    }

    private static TaskStarted startedAt(UUID task, int second) {
        return with(started(task), "timestamp", START.plusSeconds(second));
    }

    private static Page<Task> page(TaskRepository.@Nullable Key after, int limit) {
        return TASKS.page(TaskFilter.forOwner("alice"), after, null, limit);
    }
}
