package dev.steptrail.store.judgements;

import static dev.steptrail.store.TestRecords.START;
import static dev.steptrail.store.TestRecords.message;
import static dev.steptrail.store.TestRecords.started;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.stepformat.VerdictValue;
import dev.steptrail.stepformat.VerdictValue.Label;
import dev.steptrail.stepformat.VerdictValue.Score;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.TestFilters;
import dev.steptrail.store.admin.JobRepository;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.judgements.VerdictRepository.NewVerdict;
import dev.steptrail.store.model.Facet;
import dev.steptrail.store.model.TaskFilter;
import dev.steptrail.store.retention.TaskDeletion;
import dev.steptrail.store.roles.FunctionLogin;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares changes of many tasks with the same changes of each task, with the login of the API. */
class BulkRepositoryIT {
    private static final TestDatabase DATABASE =
            TestDatabase.migrated().register("sender", "alice").register("another", "bob");
    private static final Database API = DATABASE.database(FunctionLogin.API);
    private static final BulkRepository BULK = new BulkRepository(API);
    private static final TagRepository TAGS = new TagRepository(API);
    private static final VerdictRepository VERDICTS = new VerdictRepository(API);
    private static final List<String> SOME_TAGS = List.of("nightly", "相机", "📷", "！", "a,b", "it's", "\"{}\"", "NULL");

    private final UUID missing = UUID.randomUUID();

    private static UUID write(String sender) {
        UUID task = UuidV7.at(START);
        DATABASE.write(message(sender, started(task)));
        return task;
    }

    private static List<UUID> write(int tasks) {
        return Stream.generate(() -> write("sender")).limit(tasks).toList();
    }

    private static String ids(List<UUID> tasks) {
        return tasks.toString().replace('[', '{').replace(']', '}');
    }

    /**
     * Returns all that the changes of tasks may affect, without times and the ids of rows: a text per task. An audit
     * entry of several tags is shown as several entries.
     */
    private static List<String> state(List<UUID> tasks) {
        return DATABASE.column("""
                SELECT concat_ws(E'\n', tags, verdict, verdict_source, success, judged_at IS NULL,
                                 (SELECT string_agg(facet || '=' || value, ', ' ORDER BY facet, value)
                                    FROM task_facets AS f
                                   WHERE f.task_id = t.task_id),
                                 (SELECT string_agg(concat_ws('|', name, value, score, source, judge, evaluator_version,
                                                              author, reason, tie_breaker, deleted_at), ', '
                                                    ORDER BY name, source, judge)
                                    FROM verdicts AS v
                                   WHERE v.task_id = t.task_id),
                                 (SELECT string_agg(concat_ws('|', caller, action, task_owner, key, tag,
                                                              detail - '{verdict_id,added,removed}'::text[]), ', '
                                                    ORDER BY caller, action, key, tag, id)
                                    FROM audit_log AS a
                                    LEFT JOIN LATERAL (SELECT key, jsonb_array_elements_text(value)
                                                         FROM jsonb_each(detail)
                                                        WHERE key IN ('added', 'removed')) AS changed (key, tag) ON true
                                   WHERE a.task_id = t.task_id))
                  FROM unnest('%s'::uuid[]) WITH ORDINALITY AS requested (task_id, position)
                  JOIN tasks AS t USING (task_id)
                 ORDER BY position
                """.formatted(ids(tasks)));
    }

    private static List<String> someTags(Random random) {
        List<String> tags = new ArrayList<>(SOME_TAGS);
        Collections.shuffle(tags, random);
        return tags.subList(0, random.nextInt(4));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void tags_areThoseOfSingleChanges(int seed) {
        Random random = new Random(seed);
        List<UUID> inBulk = write(12);
        List<UUID> oneByOne = write(12);
        for (int i = 0; i < inBulk.size(); i++) {
            for (String tag : someTags(random)) {
                TAGS.add(inBulk.get(i), tag, "alice");
                TAGS.add(oneByOne.get(i), tag, "alice");
            }
        }
        long entries = 0;
        for (int round = 0; round < 5; round++) {
            List<String> add = someTags(random);
            List<String> remove =
                    someTags(random).stream().filter(tag -> !add.contains(tag)).toList();

            BulkResult result = BULK.apply(inBulk, "alice", new TagChange(add, remove), "root");

            long changed = 0;
            for (UUID task : oneByOne) {
                long before = revision(task);
                remove.forEach(tag -> TAGS.remove(task, tag, "root"));
                add.forEach(tag -> TAGS.add(task, tag, "root"));
                changed += revision(task) == before ? 0 : 1;
            }
            assertThat(result).isEqualTo(new BulkResult(12, changed, 12 - changed, 0, 0));
            assertThat(state(inBulk)).isEqualTo(state(oneByOne));
            entries += changed;
        }
        assertThat(DATABASE.count("audit_log WHERE caller = 'root' AND task_id = ANY ('" + ids(inBulk) + "')"))
                .as("one audit entry per changed task")
                .isEqualTo(entries);
    }

    private static long revision(UUID task) {
        return Long.parseLong(DATABASE.task(task, "revision"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void verdicts_areThoseOfSingleChanges(int seed) {
        Random random = new Random(seed);
        List<UUID> inBulk = write(10);
        List<UUID> oneByOne = write(10);
        for (int round = 0; round < 8; round++) {
            NewVerdict verdict = someVerdict(random, round);
            String caller = random.nextBoolean() ? "alice" : "root";
            List<UUID> some = inBulk.subList(0, 5 + random.nextInt(6));

            BulkResult result = BULK.apply(some, null, verdict, caller);

            oneByOne.subList(0, some.size()).forEach(task -> VERDICTS.set(task, verdict, caller));
            assertThat(result).isEqualTo(new BulkResult(some.size(), some.size(), 0, 0, 0));
            assertThat(state(inBulk)).isEqualTo(state(oneByOne));
        }
    }

    /** Returns a verdict that differs from those of other rounds. */
    private static NewVerdict someVerdict(Random random, int round) {
        boolean isScore = random.nextInt(3) == 0;
        VerdictValue value = isScore ? new Score(random.nextInt(3) / 4.0) : Label.values()[random.nextInt(3)];
        boolean isAutomatic = random.nextBoolean();
        return new NewVerdict(
                isScore ? "speed" : "success",
                value,
                isAutomatic ? "judge-" + random.nextInt(2) : null,
                isAutomatic ? String.valueOf(round) : null,
                isAutomatic && random.nextBoolean() ? null : "because 相机 " + round);
    }

    @Test
    void equalVerdict_isUnchanged_unlessAnotherOneIsNewer() {
        List<UUID> tasks = write(3);
        NewVerdict verdict = new NewVerdict("success", Label.PASS, null, null, null);
        VERDICTS.set(tasks.get(0), new NewVerdict("success", Label.FAIL, null, null, null), "bob");
        VERDICTS.set(tasks.get(2), new NewVerdict("success", Label.PASS, null, null, "why"), "alice");
        assertThat(BULK.apply(tasks, "alice", verdict, "alice")).isEqualTo(new BulkResult(3, 3, 0, 0, 0));
        List<String> before = state(tasks);

        assertThat(BULK.apply(tasks, "alice", verdict, "alice")).isEqualTo(new BulkResult(3, 0, 3, 0, 0));
        assertThat(state(tasks)).isEqualTo(before);

        VERDICTS.set(tasks.get(1), new NewVerdict("success", Label.FAIL, null, null, null), "bob");
        assertThat(BULK.apply(tasks, "alice", verdict, "alice")).isEqualTo(new BulkResult(3, 1, 2, 0, 0));
        assertThat(DATABASE.task(tasks.get(1), "verdict")).isEqualTo("pass");
    }

    @Test
    void eachId_isCountedOnce_andTasksOfOthersAreNotFound() {
        UUID mine = write("sender");
        UUID tagged = write("sender");
        UUID full = write("sender");
        UUID deleted = write("sender");
        UUID other = write("another");
        TAGS.add(tagged, "nightly", "alice");
        for (int i = 0; i < TagRepository.MAX_TAGS; i++) {
            TAGS.add(full, "tag-" + i, "alice");
        }
        new TaskDeletion(API).delete(deleted, "alice");
        List<UUID> ids = List.of(mine, tagged, full, deleted, other, missing);
        List<String> fullBefore = state(List.of(full));
        List<String> otherBefore = state(List.of(other));

        assertThat(BULK.count(ids, "alice")).isEqualTo(new BulkResult(3, 0, 0, 3, 0));
        assertThat(BULK.apply(ids, "alice", new TagChange(List.of("nightly"), List.of()), "alice"))
                .isEqualTo(new BulkResult(3, 1, 1, 3, 1));

        assertThat(state(List.of(full))).isEqualTo(fullBefore);
        assertThat(state(List.of(other))).isEqualTo(otherBefore);
        assertThat(BULK.apply(ids, null, new TagChange(List.of("nightly"), List.of("tag-7")), "root"))
                .isEqualTo(new BulkResult(4, 2, 2, 2, 0));
    }

    @Test
    void concurrentChangesOfTheSameTasks_inDifferentOrders_allSucceed() throws Exception {
        List<UUID> tasks = write(200);
        List<Callable<BulkResult>> changes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String tag = "tag-" + i;
            List<UUID> shuffled = new ArrayList<>(tasks);
            Collections.shuffle(shuffled, new Random(i));
            changes.add(() -> {
                try (Database database = DATABASE.database(FunctionLogin.API)) {
                    return new BulkRepository(database)
                            .apply(shuffled, "alice", new TagChange(List.of(tag), List.of()), "alice");
                }
            });
        }
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (Future<BulkResult> change : threads.invokeAll(changes)) {
                assertThat(change.get()).isEqualTo(new BulkResult(200, 200, 0, 0, 0));
            }
        } finally {
            threads.shutdown();
        }
        assertThat(DATABASE.column("SELECT DISTINCT tags FROM tasks WHERE task_id = ANY ('" + ids(tasks) + "')"))
                .containsExactly("{tag-0,tag-1,tag-2,tag-3}");
    }

    @Test
    void concurrentRequestsOfAUser_addAtMostFiveJobs() throws Exception {
        CyclicBarrier connected = new CyclicBarrier(10);
        List<Callable<Boolean>> requests = IntStream.range(0, 10)
                .<Callable<Boolean>>mapToObj(i -> () -> {
                    BulkRequest request =
                            new BulkRequest(TaskFilter.forOwner("zoe"), new TagChange(List.of("tag-" + i), List.of()));
                    try (Database database = DATABASE.database(FunctionLogin.API)) {
                        JobRepository jobs = new JobRepository(database);
                        jobs.find(missing);
                        connected.await();
                        return jobs.requestBulk(request.kind(), request.hash("zoe"), request.json(), "zoe")
                                .isPresent();
                    }
                })
                .toList();
        ExecutorService threads = Executors.newFixedThreadPool(10);
        try {
            int accepted = 0;
            for (Future<Boolean> request : threads.invokeAll(requests)) {
                accepted += request.get() ? 1 : 0;
            }
            assertThat(accepted).isEqualTo(JobRepository.MAX_BULK_JOBS);
        } finally {
            threads.shutdown();
        }
        assertThat(DATABASE.value("SELECT count(*) FROM jobs WHERE requested_by = 'zoe'"))
                .isEqualTo("5");
    }

    @Test
    void request_isRestoredFromItsJson_andItsHashDependsOnTheCaller() {
        TaskFilter filter = new TaskFilter(
                "alice",
                "failed",
                "\"a\"",
                "相机",
                "d",
                START,
                START.plusNanos(1000),
                "100%\\",
                List.of(Facet.tag("a,b"), TestFilters.metadata("phone.lang", "zh")),
                "none",
                "e/1",
                "c");
        List<BulkChange> changes = List.of(
                new TagChange(List.of("x"), List.of("y", "z")),
                new NewVerdict("success", Label.FAIL, null, null, "why\n"),
                new NewVerdict("speed", new Score(0.1), "judge", "2", null));
        for (BulkChange change : changes) {
            BulkRequest request = new BulkRequest(filter, change);
            assertThat(BulkRequest.parse(request.json())).isEqualTo(request);
            assertThat(request.json())
                    .contains("\"metadata.phone.lang\":\"zh\",\"tag\":[\"a,b\"]}")
                    .doesNotContain("facets");
            assertThat(request.hash("alice"))
                    .isEqualTo(BulkRequest.parse(request.json()).hash("alice"))
                    .isNotEqualTo(request.hash("root"));
        }
        assertThat(new BulkRequest(TaskFilter.forOwner(null), changes.get(0)).kind())
                .isEqualTo(JobRepository.BULK_TAGS);
        assertThat(new BulkRequest(TaskFilter.forOwner(null), changes.get(1)).json())
                .isEqualTo("{\"filter\":{},\"verdict\":{\"name\":\"success\",\"value\":\"fail\","
                        + "\"reason\":\"why\\n\"}}");
    }
}
