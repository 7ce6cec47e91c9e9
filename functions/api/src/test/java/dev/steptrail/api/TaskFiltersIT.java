package dev.steptrail.api;

import static dev.steptrail.store.TestRecords.ended;
import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.startedRepeat;
import static dev.steptrail.store.TestRecords.with;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestRecords;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the filters of tasks. */
class TaskFiltersIT {
    private static final SeparateApi API = new SeparateApi();
    private static final String TASKS = ApiTestBase.TASKS;

    private static final Api ADMIN = API.admin;
    private static final Api ALICE = API.by("alice");
    private static final Api CAROL = API.by("carol");

    /** Tasks by the names that the tests give them, in the order of their start. */
    private static final Map<String, UUID> ALL = Map.of(
            "passed", id(1),
            "failed", id(2),
            "untagged", id(3),
            "repeat", id(4),
            "carols", id(5));

    private static UUID id(int second) {
        return UuidV7.at(TestRecords.START.plusSeconds(second));
    }

    @BeforeAll
    static void write() {
        start("alice", "passed", Map.of("build", "1.10", "phone", Map.of("lang", "zh"), "count", 5, "on", true));
        start("alice", "failed", Map.of("build", "1.9", "a key?", "1"));
        start("alice", "untagged", Map.of("build", "1.10"));
        start("carol", "carols", Map.of("build", "1.10", "secret", "x".repeat(300)));
        API.write(
                "alice",
                startedRepeat(ALL.get("repeat"), TestRecords.START.plusSeconds(4), "nightly/1", "torch"),
                ended(ALL.get("repeat"), TaskStatus.SUCCEEDED, 0));
        API.tag(ALICE, ALL.get("passed"), "nightly", "a,b", "相机");
        API.tag(ALICE, ALL.get("failed"), "nightly");
        API.tag(CAROL, ALL.get("carols"), "nightly", "private");
        judge(ALICE, "passed", "pass");
        judge(ALICE, "failed", "fail");
        judge(ALICE, "repeat", "unclear");
        judge(CAROL, "carols", "fail");
    }

    private static void start(String owner, String name, Map<String, Object> metadata) {
        UUID task = ALL.get(name);
        Instant time = Instant.ofEpochMilli(task.getMostSignificantBits() >>> 16);
        TaskStarted start = with(started(task), "timestamp", time, "name", name, "metadata", metadata);
        API.write(owner, start, ended(task, TaskStatus.SUCCEEDED, 0));
    }

    private static void judge(Api caller, String name, String verdict) {
        caller.call("PUT /api/tasks/{task_id}/verdicts", ALL.get(name), "", "{\"value\":\"" + verdict + "\"}");
    }

    /** Returns the names of the listed tasks, sorted. */
    private static String list(Api caller, String query) {
        Api.Answer answer = caller.get(TASKS, null, query);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        List<String> names = new ArrayList<>();
        for (JsonNode listed : answer.json().get("tasks")) {
            UUID id = UUID.fromString(listed.get("task_id").asText());
            ALL.forEach((name, known) -> {
                if (known.equals(id)) {
                    names.add(name);
                }
            });
        }
        return String.join(",", names.stream().sorted().toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "agent=demo-agent&model=glm&device_id=phone-1|failed,passed,repeat,untagged",
                "agent=none|''",
                "model=none|''",
                "device_id=none|''",
                "status=succeeded|failed,passed,repeat,untagged",
                "status=running|''",
                "text=PASSED|passed",
                "since=2026-03-01T10:00:03Z|repeat,untagged",
                "until=2026-03-01T10:00:03Z|failed,passed",
                "tag=nightly|failed,passed",
                "tag=a%2Cb|passed",
                "tag=%E7%9B%B8%E6%9C%BA|passed",
                "tag=nightly&tag=a,b|passed",
                "tag=private|''",
                "tag=NIGHTLY|''",
                "verdict=pass|passed",
                "verdict=unclear|repeat",
                "verdict=none|untagged",
                "experiment=nightly/1|repeat",
                "case_id=torch|repeat",
                "experiment=nightly/1&case_id=torch&verdict=unclear|repeat",
                "metadata.build=1.10|passed,untagged",
                "metadata.build=1.1|''",
                "metadata.phone.lang=zh|passed",
                "metadata.count=5|passed",
                "metadata.a key?=1|failed",
                "metadata.build=1.10&metadata.count=5&tag=nightly&verdict=pass&status=succeeded&text=passed|passed",
            })
    void tasks_areFiltered(String query, String names) {
        assertThat(list(ALICE, query)).isEqualTo(names);
        assertThat(list(ADMIN, "owner=alice&" + query)).isEqualTo(names);
    }

    @Test
    void admin_filtersTheTasksOfAllOwners() {
        assertThat(list(ADMIN, "tag=private")).isEqualTo("carols");
        assertThat(list(ADMIN, "verdict=fail")).isEqualTo("carols,failed");
        assertThat(list(ADMIN, "experiment=nightly/1")).isEqualTo("repeat");
        assertThat(list(ADMIN, "metadata.build=1.10")).isEqualTo("carols,passed,untagged");
        assertThat(list(ADMIN, "metadata.build=1.10&tag=nightly&owner=carol")).isEqualTo("carols");
    }

    @Test
    void keyThatNoTaskOfTheOwnerHas_isNamed() {
        for (String route : List.of(TASKS, "GET /api/export")) {
            Api.Answer answer = ALICE.get(route, null, "metadata.secret=x");

            assertThat(answer.status()).as(route).isEqualTo(400);
            assertThat(answer.detail())
                    .isEqualTo(
                            "metadata.secret: no task has metadata.secret. Join the keys of nested objects with dots, up to three levels.");
        }
        assertThat(ALICE.get(TASKS, null, "metadata.相=x").detail())
                .isEqualTo(
                        "query: no task has metadata.相. Join the keys of nested objects with dots, up to three levels.");
        assertThat(list(CAROL, "metadata.secret=x")).isEmpty();
        assertThat(list(CAROL, "metadata.secret=" + "x".repeat(200))).isEqualTo("carols");
        assertThat(list(ADMIN, "metadata.secret=x")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "verdict=passed|verdict: must be one of pass, fail, unclear, none, but is \"passed\".",
                "verdict=|verdict: must be one of pass, fail, unclear, none.",
                "verdict=pass&verdict=fail|verdict: must not be repeated.",
                "tag=|tag: must be 1 to 50 characters, without control characters.",
                "tag=a&tag=b%0A|tag: must be 1 to 50 characters, without control characters, but is \"b?\".",
                "tag=1&tag=2&tag=3&tag=4&tag=5&tag=6|tag: must be given at most 5 times.",
                "experiment=|experiment: must be 1 to 200 characters, without control characters.",
                "metadata.build=|metadata.build: must be 1 to 200 characters, without control characters.",
                "metadata.build=1&metadata.build=2|metadata.build: must not be repeated.",
                "metadata.=1|metadata: must be followed by a dot and a key of at most 191 characters, without control characters.",
                "metadata.1=1&metadata.2=1&metadata.3=1&metadata.4=1&metadata.5=1&metadata.6=1"
                        + "|metadata: must be at most 5 parameters."
            })
    void invalidFilter_isNamed(String query, String detail) {
        assertThat(ALICE.get(TASKS, null, query).badRequest()).isEqualTo(detail);
    }

    @Test
    void pages_continueWhereTheLastEnded() {
        assertThat(ALICE.pages(TASKS, null, "tag=nightly&limit=1", "tasks", "task_id"))
                .containsExactly(
                        List.of(ALL.get("failed").toString()),
                        List.of(ALL.get("passed").toString()));
    }
}
