package dev.steptrail.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.store.admin.JobRepository;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the routes that change many tasks. Tests of the operations function run their jobs. */
class BulkIT extends AdminApiTestBase {
    private static final String TAGS = "POST /api/bulk/tags";
    private static final String VERDICTS = "POST /api/bulk/verdicts";
    private static final String COUNTS =
            "{\"matched\":%d,\"changed\":%d,\"unchanged\":%d,\"not_found\":%d,\"refused\":%d}";
    private static final TestQueue QUEUE = new TestQueue();
    private static final ApiHandler QUEUED_HANDLER =
            new ApiHandler(TestQueue.settings(SETTINGS, new TestQueue(), QUEUE));

    private final String owner = "owner-" + UUID.randomUUID();
    private final Api ann = new Api(QUEUED_HANDLER, Map.of("sub", owner));
    private final Api root = new Api(QUEUED_HANDLER, ADMIN);

    @BeforeEach
    void clearQueue() {
        QUEUE.messages.clear();
        QUEUE.groups.clear();
    }

    private void addTasks(String ofOwner, int tasks) {
        DATABASE.execute("INSERT INTO tasks (task_id, owner, start_received, started_at, agent, metadata)"
                + " SELECT gen_random_uuid(), '" + ofOwner
                + "', true, now() - n * interval '1 second', 'glm', '{\"n\":1}'"
                + " FROM generate_series(1, " + tasks + ") AS n");
    }

    private List<String> ids(String ofOwner) {
        return DATABASE.column("SELECT task_id FROM tasks WHERE owner = '" + ofOwner + "' ORDER BY started_at DESC");
    }

    private static String array(List<String> texts) {
        return texts.stream().map(text -> '"' + text + '"').collect(Collectors.joining(",", "[", "]"));
    }

    private String count(String condition) {
        return DATABASE.value("SELECT count(*) FROM tasks WHERE owner = '" + owner + "' AND " + condition);
    }

    private static void assertCounts(Api.Answer answer, Object... counts) {
        assertThat(answer.body()).isEqualTo(COUNTS.formatted(counts));
    }

    private void assertDryRun(String filter, int matched, boolean isTruncated) {
        assertThat(tag("\"dry_run\":true," + filter).body())
                .isEqualTo(COUNTS.formatted(matched, 0, 0, 0, 0).replace("}", ",\"truncated\":" + isTruncated + "}"));
    }

    private Api.Answer tag(String selection) {
        return ann.call(TAGS, null, "", "{" + selection + ",\"add\":[\"nightly\"]}");
    }

    @Test
    void tasksByIds_areTagged_andAudited_exceptThoseOfOthers() {
        addTasks(owner, 3);
        addTasks(owner + "-2", 1);
        String other = ids(owner + "-2").get(0);
        String ids = array(List.of(
                ids(owner).get(0),
                ids(owner).get(1),
                ids(owner).get(1),
                other,
                UUID.randomUUID().toString()));

        assertCounts(tag("\"dry_run\":true,\"task_ids\":" + ids), 2, 0, 0, 2, 0);
        assertThat(count("tags <> '{}'")).isEqualTo("0");
        assertCounts(tag("\"task_ids\":" + ids), 2, 2, 0, 2, 0);
        assertCounts(tag("\"task_ids\":" + ids), 2, 0, 2, 2, 0);

        assertThat(count("tags = '{nightly}'")).isEqualTo("2");
        assertThat(DATABASE.audited("change_tags"))
                .filteredOn(entry -> entry.contains(owner))
                .hasSize(2);
        assertThat(DATABASE.value("SELECT tags FROM tasks WHERE task_id = '" + other + "'"))
                .isEqualTo("{}");
        assertCounts(root.call(TAGS, null, "", "{\"task_ids\":[\"" + other + "\"],\"add\":[\"x\"]}"), 1, 1, 0, 0, 0);
    }

    @Test
    void verdicts_haveTheCallerAsAuthor_orTheEvaluatorAsJudge() {
        addTasks(owner, 2);
        String ids = array(ids(owner));

        assertCounts(
                ann.call(
                        VERDICTS,
                        null,
                        "",
                        "{\"task_ids\":" + ids
                                + ",\"value\":0.5,\"name\":\"speed\",\"evaluator\":\"judge\",\"evaluator_version\":\"2\"}"),
                2,
                2,
                0,
                0,
                0);
        assertCounts(
                root.call(VERDICTS, null, "", "{\"filter\":{\"owner\":\"" + owner + "\"},\"value\":\"fail\"}"),
                2,
                2,
                0,
                0,
                0);

        assertThat(count("verdict = 'fail' AND verdict_source = 'human'")).isEqualTo("2");
        assertThat(DATABASE.column(
                        "SELECT DISTINCT concat_ws(' ', v.name, value, score, judge, evaluator_version, author)"
                                + " FROM verdicts AS v JOIN tasks AS t USING (task_id) WHERE t.owner = '" + owner
                                + "' ORDER BY 1"))
                .containsExactly("speed 0.5 judge 2 " + owner, "success fail root root");
    }

    @Test
    void searchThatOneRequestCannotFinish_isAJob_howeverFewTasksItHasFound() {
        DATABASE.execute("INSERT INTO tasks (task_id, owner, started_at, agent) SELECT gen_random_uuid(), '" + owner
                + "', now() - n * interval '1 second', CASE WHEN n IN (1, 10001) THEN 'glm' END"
                + " FROM generate_series(1, 10001) AS n");

        assertDryRun("\"filter\":{\"agent\":\"glm\"}", 1, true);
        assertThat(tag("\"filter\":{\"agent\":\"nobody\"}").status()).isEqualTo(202);
    }

    @Test
    void filter_hasTheNamesAndRulesOfTheList_andSelectsOnlyTheCallersTasks() {
        addTasks(owner, 4);
        addTasks("another", 1);
        DATABASE.execute("UPDATE tasks SET agent = 'other' WHERE task_id = '"
                + ids(owner).get(0) + "'");

        assertDryRun("\"filter\":{\"agent\":\"glm\"}", 3, false);
        assertCounts(tag("\"filter\":{\"agent\":\"glm\",\"metadata.n\":\"1\",\"verdict\":\"none\"}"), 3, 3, 0, 0, 0);
        assertCounts(tag("\"filter\":{\"agent\":\"nobody\"}"), 0, 0, 0, 0, 0);
        assertThat(count("tags = '{nightly}'")).isEqualTo("3");
        String change = ",\"add\":[\"b\"],\"remove\":[\"nightly\"]}";
        assertCounts(ann.call(TAGS, null, "", "{\"filter\":{\"tag\":[\"nightly\",\"a\"]}" + change), 0, 0, 0, 0, 0);
        assertCounts(ann.call(TAGS, null, "", "{\"filter\":{\"tag\":\"nightly\"}" + change), 3, 3, 0, 0, 0);
        assertThat(count("tags = '{b}'")).isEqualTo("3");
        assertThat(DATABASE.value("SELECT count(*) FROM tasks WHERE owner = 'another' AND tags <> '{}'"))
                .isEqualTo("0");
        assertThat(tag("\"filter\":{\"owner\":\"another\"}").badRequest())
                .isEqualTo("owner: must be your own user id; only admins can read the tasks of other owners.");
    }

    @Test
    void filterOf1000Tasks_isAppliedAtOnce_andOneOfMoreIsAJob() {
        addTasks(owner, 1000);
        assertCounts(tag("\"filter\":{\"verdict\":\"none\"}"), 1000, 1000, 0, 0, 0);
        assertThat(QUEUE.messages).isEmpty();
        addTasks(owner, 1);

        Api.Answer accepted = tag("\"filter\":{\"verdict\":\"none\"}");

        JsonNode job = accepted.json();
        String id = job.get("job_id").asText();
        assertThat(accepted.status()).isEqualTo(202);
        assertThat(accepted.headers())
                .containsEntry("location", "/api/jobs/" + id)
                .containsEntry("retry-after", "1");
        assertThat(job.get("kind").asText()).isEqualTo("bulk_tags");
        assertThat(job.get("request").toString())
                .isEqualTo("{\"filter\":{\"owner\":\"" + owner + "\",\"verdict\":\"none\"},"
                        + "\"tags\":{\"add\":[\"nightly\"],\"remove\":[]}}");
        assertThat(QUEUE.messages).containsExactly("{\"job_id\":\"" + id + "\"}");
        ann.call(TAGS, null, "", "{\"filter\":{\"verdict\":\"none\"},\"remove\":[\"nightly\"]}");
        assertThat(QUEUE.messages).hasSize(2);
        assertThat(QUEUE.groups).as("the jobs of a user run in order").hasSize(1);
        assertThat(count("tags = '{nightly}'")).isEqualTo("1000");
        assertThat(tag("\"filter\":{\"verdict\":\"none\"}").json()).isEqualTo(job);
        assertThat(ann.get(JOB, id).json()).isEqualTo(job);
        assertThat(new Api(HANDLER, Map.of("sub", "bob")).get(JOB, id).status()).isEqualTo(404);
        // The same request of another caller would set other verdicts, so it is another job.
        Api.Answer ofAdmin = root.call(
                TAGS,
                null,
                "",
                "{\"filter\":{\"owner\":\"" + owner + "\",\"verdict\":\"none\"},\"add\":[\"nightly\"]}");
        assertThat(ofAdmin.json().get("job_id")).isNotEqualTo(job.get("job_id"));
        assertThat(ofAdmin.json().get("request")).isEqualTo(job.get("request"));
    }

    @Test
    void sixthUnfinishedJobOfAUser_isRejected_andTheSameRequestStillReturnsItsJob() {
        addTasks(owner, 1001);
        List<Api.Answer> accepted =
                IntStream.range(0, 5).mapToObj(i -> requestTag(ann, i)).toList();
        assertThat(accepted).extracting(Api.Answer::status).containsOnly(202);

        assertThat(requestTag(ann, 5).problem()).isEqualTo("429 too-many-jobs");
        assertThat(requestTag(ann, 0).json()).isEqualTo(accepted.get(0).json());
        assertThat(requestTag(root, 5).status()).as("of another user").isEqualTo(202);
        JobRepository jobs = new JobRepository(DATABASE.database());
        UUID first = UUID.fromString(accepted.get(0).text("/job_id"));
        jobs.claim(first);
        jobs.fail(first, "simulated");
        assertThat(requestTag(ann, 5).status()).isEqualTo(202);
    }

    private Api.Answer requestTag(Api caller, int number) {
        return caller.call(
                TAGS, null, "", "{\"filter\":{\"owner\":\"" + owner + "\"},\"add\":[\"tag-" + number + "\"]}");
    }

    @Test
    void jobOfAVerdict_isShownWithItsProgress() {
        addTasks(owner, 1001);
        String id = ann.call(VERDICTS, null, "", "{\"filter\":{\"metadata.n\":\"1\"},\"value\":\"pass\"}")
                .text("/job_id");
        UUID jobId = UUID.fromString(id);
        new JobRepository(DATABASE.database()).claim(jobId);
        Map<String, Integer> counts = Map.of("matched", 5, "changed", 5, "unchanged", 0, "not_found", 0, "refused", 0);
        DATABASE.database()
                .inTransaction(session -> JobRepository.saveProgress(
                        session, jobId, counts, "2026-03-01T10:00:00Z 0190163d-8694-739b-aea5-966c26f8ad91"));

        JsonNode running = ann.get(JOB, id).json();

        assertThat(running.get("state").asText()).isEqualTo("running");
        assertThat(running.at("/progress/changed").asInt()).isEqualTo(5);
        assertThat(running.get("request").toString())
                .isEqualTo("{\"filter\":{\"owner\":\"" + owner + "\",\"metadata.n\":\"1\"},"
                        + "\"verdict\":{\"name\":\"success\",\"value\":\"pass\"}}");
        assertThat(running.has("resume_after")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"x\":1 | The request body has an unknown field \"x\"; allowed: task_ids, filter, dry_run, add, remove.",
                "\"add\":[\"a\"] | task_ids: give either task_ids or filter.",
                "\"task_ids\":[],\"filter\":{} | task_ids: give either task_ids or filter, not both.",
                "\"task_ids\":[],\"add\":[\"a\"] | task_ids: must be an array of 1 to 1000 ids. For more tasks, use a"
                        + " filter or several requests.",
                "\"task_ids\":\"a\",\"add\":[\"a\"] | task_ids: must be an array of 1 to 1000 ids. For more tasks, use a"
                        + " filter or several requests.",
                "\"task_ids\":[\"0190163d-8694-739b-aea5-966c26f8ad91\",\"x\"],\"add\":[\"a\"]"
                        + " | task_ids.1: must be a UUID in lower case, but is \"x\".",
                "\"filter\":[],\"add\":[\"a\"] | filter: must be a JSON object, but is [].",
                "\"filter\":{\"status\":7},\"add\":[\"a\"] | status: must be a string, but is 7.",
                "\"filter\":{\"tag\":[7]},\"add\":[\"a\"] | tag: must be a string, or an array of strings, but is 7.",
                "\"filter\":{\"tag\":[]},\"add\":[\"a\"] | tag: must have at least one value, but is [].",
                "\"filter\":{\"status\":\"open\"},\"add\":[\"a\"] | status: must be one of running, succeeded, failed,"
                        + " cancelled, abandoned, archived, but is \"open\".",
                "\"filter\":{\"metadata.nothing\":\"x\"},\"add\":[\"a\"] | metadata.nothing: no task has"
                        + " metadata.nothing. Join the keys of nested objects with dots, up to three levels.",
                "\"filter\":{\"limit\":\"7\"},\"add\":[\"a\"] | limit: unknown field; allowed: agent, case_id, device_id,"
                        + " experiment, metadata.*, model, owner, since, status, tag, text, until, verdict.",
                "\"filter\":{} | add: give the tags to add, or those to remove in remove.",
                "\"filter\":{},\"add\":\"a\" | add: must be an array of at most 10 tags.",
                "\"filter\":{},\"remove\":[\"a/b\"] | remove: must not be . or .., or contain / or \\ or %, because it is"
                        + " part of a URL, but is \"a/b\".",
                "\"filter\":{},\"add\":[\" a\"] | add: must not be blank, or start or end with white space, but is \" a\".",
                "\"filter\":{},\"add\":[\"a\"],\"remove\":[\"a\"] | add: must not contain a tag of remove.",
                "\"filter\":{},\"add\":[\"a\"],\"dry_run\":1 | dry_run: must be true or false, but is 1."
            })
    void invalidRequest_isRejectedWithTheReason(String fields, String detail) {
        assertThat(ann.call(TAGS, null, "", "{" + fields + "}").badRequest()).isEqualTo(detail);
        assertThat(QUEUE.messages).isEmpty();
    }

    @Test
    void emptyFilter_isRejected_alsoInADryRun_andOfAdmins() {
        for (Api caller : List.of(ann, root)) {
            for (String fields : List.of("\"add\":[\"a\"]", "\"add\":[\"a\"],\"dry_run\":true")) {
                assertThat(caller.call(TAGS, null, "", "{\"filter\":{}," + fields + "}")
                                .badRequest())
                        .isEqualTo(
                                "filter: is empty, which selects all tasks. Add a condition, such as since; to change"
                                        + " all tasks of an owner, add owner.");
            }
            assertThat(caller.call(VERDICTS, null, "", "{\"filter\":{},\"value\":\"pass\"}")
                            .status())
                    .isEqualTo(400);
        }
    }

    @Test
    void moreThan1000IdsOr10Tags_areRejected() {
        List<String> ids =
                Stream.generate(() -> UUID.randomUUID().toString()).limit(1001).toList();
        List<String> tags = IntStream.range(0, 11).mapToObj(i -> "tag-" + i).toList();

        assertCounts(tag("\"task_ids\":" + array(ids.subList(0, 1000))), 0, 0, 0, 1000, 0);
        assertThat(tag("\"task_ids\":" + array(ids)).badRequest())
                .startsWith("task_ids: must be an array of 1 to 1000");
        assertThat(ann.call(TAGS, null, "", "{\"filter\":{},\"add\":" + array(tags) + "}")
                        .badRequest())
                .isEqualTo("add: must be an array of at most 10 tags.");
    }
}
