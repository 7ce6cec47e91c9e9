package dev.steptrail.api;

import static dev.steptrail.store.TestRecords.ended;
import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static dev.steptrail.store.TestRecords.withScreenshot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.ModelCall;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.Usage;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.stepformat.VerdictValue.Label;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.TestMaintenance;
import dev.steptrail.store.TestRecords;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.judgements.TagRepository;
import dev.steptrail.store.judgements.VerdictRepository;
import dev.steptrail.store.judgements.VerdictRepository.NewVerdict;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** Tests computed statistics, in a separate database, because a day is rebuilt from all of its steps. */
class StatsMeasuresIT {
    private static final String STATS = "GET /api/stats";
    private static final String MARCH = "since=2026-03-01&until=2026-03-31&";

    private final SeparateApi api = new SeparateApi();
    private final TestDatabase database = api.database;
    private final Database connection = database.database();
    private final Api alice = api.by("alice");
    private final Api bob = api.by("bob");

    private void rebuild() {
        TestMaintenance.rollUp(connection);
    }

    @Test
    void stats_containTheMeasuresOfStepsAndTasks() {
        UUID task = UuidV7.at(TestRecords.START);
        api.write(
                "alice",
                started(task),
                withScreenshot(step(task, 1), FrameRole.BEFORE, "screenshots/AIDAALICE/" + task + "/a.webp"),
                step(task, 2),
                ended(task, TaskStatus.SUCCEEDED, 60));
        rebuild();

        JsonNode day = alice.get(STATS, null, MARCH).json().get("stats").get(0);
        assertThat(day.at("/step_duration/p50_ms").asDouble()).isCloseTo(100, withinPercentage(1));
        assertThat(day.at("/model_time/total_ms").asInt()).isEqualTo(160);
        assertThat(day.at("/model_time/p95_ms").asDouble()).isCloseTo(80, withinPercentage(1));
        assertThat(day.get("retries").asInt()).isZero();
        assertThat(day.get("screenshots").asInt()).isOne();
        assertThat(day.get("screenshot_bytes").asInt()).isEqualTo(1000);
        assertThat(day.get("tasks").asInt()).isOne();
        assertThat(day.get("tasks_by_end_reason").toString()).isEqualTo("{\"finished\":1}");
        assertThat(day.get("pass_rate").asDouble()).isOne();
        assertThat(day.get("steps_per_task").asDouble()).isEqualTo(2);
        assertThat(day.at("/task_duration/p50_ms").asDouble()).isCloseTo(60_000, withinPercentage(1));

        JsonNode actions =
                alice.get(STATS, null, MARCH + "group_by=action").json().get("stats");
        assertThat(actions.findValuesAsText("action")).containsExactly("Tap", "Wait");
        assertThat(actions.findValuesAsText("total_steps")).containsExactly("1", "1");
        assertThat(actions.get(0).get("tasks").isNull()).isTrue();
        assertThat(bob.get(STATS, null, MARCH + "group_by=action").json().get("stats"))
                .isEmpty();
    }

    @Test
    void groupsOfTasks_containVerdictsTokensAndCost() {
        UUID judged = UuidV7.at(TestRecords.START);
        UUID other = UuidV7.at(TestRecords.START);
        database.execute("""
                INSERT INTO prices (model, valid_from, currency, input_price, cached_price, output_price, set_by)
                VALUES ('glm', '2026-01-01', 'USD', 3, 0.3, 15, 'root')
                """);
        for (UUID task : List.of(judged, other)) {
            api.write(
                    "alice",
                    started(task),
                    step(task, 1).withModelCall(ModelCall.ofUsage(Usage.of(1000, 400, 20))),
                    step(task, 2),
                    ended(task, TaskStatus.SUCCEEDED, 60));
        }
        new VerdictRepository(connection).set(judged, new NewVerdict("success", Label.FAIL, null, null, null), "alice");
        new TagRepository(connection).add(judged, "nightly", "alice");
        new TagRepository(connection).add(judged, "slow", "alice");
        rebuild();

        assertThat(groups("day")).containsExactly("2026-03-01 4 2 1 1 0.5 1.0 1 {\"USD\":\"0.00444\"} 800");
        assertThat(groups("tag"))
                .containsExactly(
                        " 2 1 1 0 1.0 1.0 0 {\"USD\":\"0.00222\"} 400",
                        "nightly 2 1 0 1 0.0 1.0 1 {\"USD\":\"0.00222\"} 400",
                        "slow 2 1 0 1 0.0 1.0 1 {\"USD\":\"0.00222\"} 400");
        assertThat(groups("verdict"))
                .containsExactly(
                        "fail 2 1 0 1 0.0 1.0 1 {\"USD\":\"0.00222\"} 400",
                        "none 2 1 1 0 1.0 1.0 0 {\"USD\":\"0.00222\"} 400");
        assertThat(groups("instruction")).containsExactly("take a picture 4 2 1 1 0.5 1.0 1 {\"USD\":\"0.00444\"} 800");
        assertThat(groups("metadata.build")).containsExactly("1.10 4 2 1 1 0.5 1.0 1 {\"USD\":\"0.00444\"} 800");
        assertThat(groups("verdict&model=gpt")).isEmpty();
        assertThat(groups("metadata.build&device_id=phone-1&agent=demo-agent&model=glm"))
                .hasSize(1);
        JsonNode verdicts =
                alice.get(STATS, null, MARCH + "group_by=verdict").json().get("stats");
        assertThat(verdicts.get(0).get("tasks_by_end_reason").toString()).isEqualTo("{\"finished\":1}");
        assertThat(verdicts.get(0).at("/task_duration/p50_ms").asDouble()).isCloseTo(60_000, withinPercentage(1));
        assertThat(verdicts.get(0).get("verified_fails").asInt()).isOne();
        assertThat(verdicts.get(0).get("verified_pass_rate").asDouble()).isZero();
        assertThat(verdicts.get(0).get("retries").isNull()).isTrue();
        assertThat(verdicts.get(0).at("/step_duration/p50_ms").isNull()).isTrue();
        assertThat(bob.get(STATS, null, MARCH + "group_by=verdict").json().get("stats"))
                .isEmpty();
    }

    @Test
    void recentTasks_areTheNewest20OfEachGroup() {
        database.execute("""
                INSERT INTO tasks (task_id, owner, started_at, status, verdict, verdict_source, experiment)
                SELECT ('00000000-0000-0000-0000-' || lpad(n::text, 12, '0'))::uuid, 'alice',
                       timestamptz '2026-03-01' + n * interval '1 minute',
                       CASE n WHEN 30 THEN 'running' WHEN 28 THEN 'failed' ELSE 'succeeded' END,
                       CASE n WHEN 29 THEN 'unclear' WHEN 27 THEN 'fail' END,
                       CASE WHEN n IN (27, 29) THEN 'human' END,
                       CASE WHEN n > 2 THEN 'nightly' END
                  FROM generate_series(1, 30) AS n
                """);

        JsonNode groups = alice.get(STATS, null, MARCH + "group_by=experiment&recent=true")
                .json()
                .get("stats");
        JsonNode none = groups.get(0);
        JsonNode nightly = groups.get(1);

        assertThat(groups).hasSize(2);
        assertThat(nightly.get("experiment").asText()).isEqualTo("nightly");
        assertThat(nightly.get("tasks").asInt()).isEqualTo(28);
        assertThat(nightly.get("last_started_at").asText()).isEqualTo("2026-03-01T00:30:00Z");
        assertThat(nightly.get("last_task_id").asText()).endsWith("000030");
        assertThat(nightly.get("recent_outcomes").toString())
                .startsWith("[\"running\",\"unclear\",\"fail\",\"fail\",\"pass\",");
        assertThat(nightly.get("recent_outcomes")).hasSize(20);
        assertThat(none.get("experiment").asText()).isEmpty();
        assertThat(none.get("recent_outcomes").toString()).isEqualTo("[\"pass\",\"pass\"]");
        assertThat(alice.get(STATS, null, MARCH + "group_by=experiment").body()).doesNotContain("recent", "last_");
        assertThat(bob.get(STATS, null, MARCH + "group_by=experiment&recent=true")
                        .json()
                        .get("stats"))
                .isEmpty();
    }

    private List<String> groups(String grouping) {
        JsonNode stats =
                alice.get(STATS, null, MARCH + "group_by=" + grouping).json().get("stats");
        String key = grouping.replaceFirst("&.*", "");
        return StreamSupport.stream(stats.spliterator(), false)
                .map(group -> Stream.of(
                                key,
                                "total_steps",
                                "tasks",
                                "passes",
                                "fails",
                                "pass_rate",
                                "claimed_pass_rate",
                                "disagreements")
                        .map(name -> group.get(name).asText())
                        .collect(Collectors.joining(
                                " ", "", " " + group.at("/cost/amounts") + " " + group.at("/usage/cached_tokens"))))
                .toList();
    }

    @Test
    void moreThanAThousandGroups_areTheLargest() {
        database.execute("""
                INSERT INTO tasks (task_id, owner, started_at, total_steps, metadata)
                SELECT gen_random_uuid(), 'alice', '2026-03-31T23:59:59Z', n, json_build_object('run', n)
                  FROM generate_series(1, 1002) AS n
                """);

        JsonNode stats =
                alice.get(STATS, null, MARCH + "group_by=metadata.run").json().get("stats");

        assertThat(stats).hasSize(1000);
        assertThat(stats.get(0).get("metadata.run").asText()).isEqualTo("1002");
        assertThat(stats.get(999).get("metadata.run").asText()).isEqualTo("3");
    }

    @Test
    void groupingOfMoreThan200000Tasks_isRejected_andAShorterPeriodIsNot() {
        database.execute("""
                DROP INDEX tasks_by_start, tasks_by_verdict, tasks_by_owner_and_verdict, tasks_by_check_slot, tasks_running;
                INSERT INTO tasks (task_id, owner, started_at, end_reason)
                SELECT gen_random_uuid(), 'alice', '2026-03-01T23:59:59Z', 'finished'
                  FROM generate_series(1, 200000) AS n
                """);
        assertThat(groups("verdict")).hasSize(1);
        database.execute("""
                INSERT INTO tasks (task_id, owner, started_at)
                VALUES (gen_random_uuid(), 'alice', '2026-03-31T23:59:59Z'),
                       (gen_random_uuid(), 'bob', '2026-03-31')
                """);

        Api.Answer rejected = alice.get(STATS, null, MARCH + "group_by=verdict&agent=glm");

        assertThat(rejected.problem()).isEqualTo("422 too-many-tasks");
        assertThat(rejected.detail())
                .isEqualTo("The period has more than 200000 tasks, the maximum for this group_by. Shorten it with since"
                        + " and until.");
        assertThat(alice.get(STATS, null, "since=2026-03-02&until=2026-03-31&group_by=tag")
                        .json()
                        .at("/stats/0/tasks")
                        .asInt())
                .isOne();
        assertThat(bob.get(STATS, null, MARCH + "group_by=verdict").status()).isEqualTo(200);
    }

    @Test
    void groupingsOfTasks_withInvalidParameters_areRejected() {
        database.execute("""
                INSERT INTO tasks (task_id, owner, started_at, metadata)
                VALUES (gen_random_uuid(), 'alice', '2026-03-01', '{"lab":"north"}')
                """);

        for (String[] days : new String[][] {{"2025-11-29", "2026-11-30"}, {"2026-03-02", "2026-03-01"}}) {
            assertThat(error("group_by=metadata.lab&since=" + days[0] + "&until=" + days[1]))
                    .isEqualTo("since: since to until must be 1 to 366 days, including both, but is " + days[0] + " to "
                            + days[1] + ".");
        }
        assertThat(alice.get(STATS, null, "group_by=metadata.lab&since=2025-11-29&until=2026-11-29")
                        .status())
                .isEqualTo(200);
        assertThat(error("group_by=metadata.lap")).isEqualTo("group_by: no task has a value of metadata.lap.");
        assertThat(error("group_by=metadata.lab&type=action"))
                .isEqualTo("type: cannot be combined with group_by=metadata.lab, which counts tasks.");
        assertThat(error("group_by=agent&recent=true"))
                .isEqualTo("recent: cannot be combined with group_by=agent, which does not read the tasks.");
        assertThat(error("group_by=verdict&recent=1")).isEqualTo("recent: must be one of false, true, but is \"1\".");
        assertThat(error("group_by=metadata."))
                .startsWith("group_by: must be one of day, agent,")
                .endsWith("such as metadata.app_version, but is \"metadata.\".");
        assertThat(error("group_by=metadata." + "x".repeat(200)))
                .startsWith("group_by: must be 1 to 200 characters, without control characters, but is \"metadata.xxx");
        assertThat(bob.get(STATS, null, "group_by=metadata.lab").status())
                .as("another owner's metadata")
                .isEqualTo(400);
    }

    private String error(String query) {
        Api.Answer answer = alice.get(STATS, null, query);
        assertThat(answer.status()).isEqualTo(400);
        return answer.detail();
    }

    @Test
    void stats_readNeitherStepsNorTasks() {
        database.execute("ALTER TABLE task_steps RENAME TO hidden; ALTER TABLE tasks RENAME TO hidden_too");

        assertThat(alice.get(STATS, null, MARCH).status()).isEqualTo(200);
        assertThat(alice.get(STATS, null, MARCH + "group_by=action").status()).isEqualTo(200);
    }
}
