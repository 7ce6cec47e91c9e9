package dev.steptrail.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.aws.TestBucket;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.TestRecords;
import dev.steptrail.store.insights.ChangedTaskProcessor;
import dev.steptrail.store.jdbc.Database;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Compares requests to a task of a million steps with the same requests to a task of 10,000 steps. Creating the tasks
 * takes minutes.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("nightly")
class LongTaskIT {
    private static final int SHORT_STEPS = 10_000;
    private static final int LONG_STEPS = 1_000_000;
    private static final int RUNS = 9;

    private static final TestDatabase DATABASE = TestDatabase.migrated();
    private static final TestBucket BUCKET = TestBucket.empty();
    private static final TestQueue QUEUE = new TestQueue();

    private static final UUID SHORT = UuidV7.at(TestRecords.START);
    private static final UUID LONG = UuidV7.at(TestRecords.START);

    @BeforeAll
    static void write() {
        insert(SHORT, SHORT_STEPS);
        insert(LONG, LONG_STEPS);
        DATABASE.execute("VACUUM ANALYZE");
        try (Database database = DATABASE.database()) {
            new ChangedTaskProcessor(database).processNext(10, Duration.ofMinutes(10));
        }
    }

    private static Api api() {
        return new Api(
                new ApiHandler(TestSettings.of(DATABASE, BUCKET.settings("STEPTRAIL_EXPORTS_QUEUE_URL", QUEUE.url()))),
                Map.of("sub", "alice"));
    }

    /** Inserts a task whose steps have a screenshot each, and of which one in 100 failed. */
    private static void insert(UUID task, int steps) {
        DATABASE.execute("INSERT INTO tasks (task_id, owner, name, status, start_received, started_at, ended_at,"
                + " last_step_number, total_steps, successful_steps, failed_steps, total_duration_ms) VALUES ('" + task
                + "', 'alice', 'long', 'failed', true, '2026-03-01T10:00:00Z', '2026-03-20T10:00:00Z', " + steps + ", "
                + steps + ", " + (steps - steps / 100) + ", " + steps / 100 + ", " + 900L * steps + ")");
        DATABASE.execute("INSERT INTO task_steps (task_id, step_number, step_type, step_data, thinking, action_result,"
                + " duration_ms, success, error_message, created_at) SELECT '" + task + "', n,"
                + " CASE WHEN n % 100 = 0 THEN 'error' ELSE 'action' END,"
                + " ('{\"action\":{\"_metadata\":\"do\",\"action\":\"Tap\",\"element\":[' || n % 997 || ',' || n % 991"
                + " || ']},\"timings\":{\"model_ms\":' || n % 800 || '}}')::json,"
                + " repeat('I look for the button. ', 10) || n, '{\"finished\":false}', 900, n % 100 <> 0,"
                + " CASE WHEN n % 100 = 0 THEN 'App not found: ' || n % 7 END,"
                + " timestamptz '2026-03-01T10:00:00Z' + n * interval '1 second' FROM generate_series(1, " + steps
                + ") AS n");
        DATABASE.execute("INSERT INTO step_screenshots (task_id, step_number, screenshot_index, role, screenshot_path,"
                + " file_hash, file_size, original_size, width, height, format, compressed, sensitive,"
                + " redacted_regions, perceptual_hash) SELECT '" + task + "', n, 0, 'before', 'screenshots/AIDAALICE/"
                + task + "/' || n || '.webp', md5(n::text), 34000, 90000, 1080, 2400, 'webp', true, false, '[]',"
                + " lpad(to_hex(n::bigint * 2654435761 % 4294967296), 16, '0') FROM generate_series(1, " + steps
                + ") AS n");
    }

    @Test
    @Order(1)
    void everyRequest_costsAboutTheSame_forAnyNumberOfSteps() {
        Map<String, Supplier<Api.Answer>> longRequests = requests(LONG, LONG_STEPS);
        requests(SHORT, SHORT_STEPS)
                .forEach((name, request) -> assertCostsAboutTheSame(name, request, longRequests.get(name)));
    }

    /** Compares the median times of a request. Both are sent in turn, so other load affects both. */
    private static void assertCostsAboutTheSame(
            String name, Supplier<Api.Answer> shortRequest, Supplier<Api.Answer> longRequest) {
        List<Long> shortTimes = new ArrayList<>();
        List<Long> longTimes = new ArrayList<>();
        for (int i = 0; i < RUNS; i++) {
            shortTimes.add(millis(shortRequest));
            longTimes.add(millis(longRequest));
        }
        long shortTime = shortTimes.stream().sorted().toList().get(RUNS / 2);
        long longTime = longTimes.stream().sorted().toList().get(RUNS / 2);

        System.out.printf(
                Locale.ROOT,
                "%-58s %,d steps: %5d ms   %,d steps: %5d ms%n",
                name,
                SHORT_STEPS,
                shortTime,
                LONG_STEPS,
                longTime);
        assertThat(longTime).as(name).isLessThanOrEqualTo(3 * shortTime + 100);
    }

    @Test
    @Order(2)
    void deletion_costsAboutTheSame_forAnyNumberOfSteps() {
        long shortTime = millis(() -> api().delete(SHORT));
        long longTime = millis(() -> api().delete(LONG));

        System.out.printf(
                Locale.ROOT,
                "DELETE of %,d steps: %d ms, of %,d steps: %d ms%n",
                SHORT_STEPS,
                shortTime,
                LONG_STEPS,
                longTime);
        assertThat(longTime).isLessThanOrEqualTo(3 * shortTime + 100);
    }

    private static long millis(Supplier<Api.Answer> request) {
        long start = System.nanoTime();
        request.get();
        return Duration.ofNanos(System.nanoTime() - start).toMillis();
    }

    private static Map<String, Supplier<Api.Answer>> requests(UUID task, int steps) {
        Api api = api();
        Map<String, Supplier<Api.Answer>> requests = new LinkedHashMap<>();
        for (String query : List.of(
                "",
                "limit=1000",
                "order=desc",
                "order=desc&limit=1000",
                "min_number=90%&limit=1000",
                "type=error",
                "type=none",
                "success=false&order=desc",
                "success=none",
                "text=button",
                "text=nothing",
                "text=nothing&type=none",
                "since=2100-01-01T00:00:00Z")) {
            requests.put("steps?" + query, () -> get(api, ApiTestBase.STEPS, task, at90(query, steps)));
        }
        for (String query : List.of("", "format=csv", "format=md", "format=html", "format=pdf")) {
            requests.put("report?" + query, () -> get(api, ApiTestBase.REPORT, task, query));
        }
        requests.put("task", () -> get(api, ApiTestBase.TASK, task, ""));
        requests.put("tasks", () -> get(api, ApiTestBase.TASKS, task, "status=failed"));
        requests.put("export", () -> get(api, "GET /api/tasks/{task_id}/export", task, ""));
        requests.put("screenshots", () -> get(api, ApiTestBase.SCREENSHOTS, task, ""));
        requests.put(
                "screenshots?min_number=90%",
                () -> get(api, ApiTestBase.SCREENSHOTS, task, at90("min_number=90%", steps)));
        requests.put("screenshot", () -> api.get(ApiTestBase.SCREENSHOT, task + "." + steps / 2, "redirect=false"));
        requests.put("keep", () -> {
            api.call("PUT /api/tasks/{task_id}/keep", task, "", "{\"keep\":true}");
            return api.call("PUT /api/tasks/{task_id}/keep", task, "", "{\"keep\":false}");
        });
        requests.put("audit", () -> get(api, "GET /api/audit", task, "task_id=" + task));
        requests.put("shares", () -> get(api, "GET /api/tasks/{task_id}/shares", task, ""));
        requests.put("share", () -> {
            String link =
                    api.call("POST /api/tasks/{task_id}/shares", task, "", "{}").text("/share_id");
            Map<String, String> path = Map.of("task_id", task.toString(), "share_id", link);
            return api.call("DELETE /api/tasks/{task_id}/shares/{share_id}", path, "", null, null);
        });
        addSharedRequests(requests, api, task, steps);
        AtomicReference<String> tag = new AtomicReference<>("");
        requests.put("report, mostly unchanged", () -> {
            Api.Answer answer = api.get(ApiTestBase.REPORT, task, "", Map.of("if-none-match", tag.get()));
            tag.set(answer.headers().get("etag"));
            return answer;
        });
        return requests;
    }

    /** Adds the requests of a reader with a share link. */
    private static void addSharedRequests(Map<String, Supplier<Api.Answer>> requests, Api api, UUID task, int steps) {
        String token = api.share(task, "{}");
        int step = steps / 2;
        BUCKET.put("screenshots/AIDAALICE/" + task + "/" + step + ".webp", new byte[34_000]);
        Map<String, String> queries = Map.of(ApiTestBase.STEPS, "text=nothing", ApiTestBase.REPORT, "format=csv");
        for (String route : List.of(
                ApiTestBase.TASK,
                ApiTestBase.STEPS,
                ApiTestBase.REPORT,
                ApiTestBase.SCREENSHOTS,
                ApiTestBase.SCREENSHOT)) {
            String id = task + (route.equals(ApiTestBase.SCREENSHOT) ? "." + step : "");
            for (String query :
                    Stream.of("", queries.get(route)).filter(Objects::nonNull).toList()) {
                requests.put("shared " + route + "?" + query, () -> {
                    Api.Answer answer = api.shared(route, id, query, token);
                    assertThat(answer.status()).as(route + "?" + query).isEqualTo(200);
                    return answer;
                });
            }
        }
    }

    private static String at90(String query, int steps) {
        return query.replace("90%", String.valueOf(steps / 10 * 9 + 1));
    }

    private static Api.Answer get(Api api, String route, UUID task, String query) {
        Api.Answer answer = api.get(route, route.equals(ApiTestBase.TASKS) ? null : task.toString(), query);
        assertThat(answer.status()).as(route + "?" + query).isIn(200, 202, 302);
        return answer;
    }
}
