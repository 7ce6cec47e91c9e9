package dev.steptrail.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.aws.TestBucket;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.TestRecords;
import dev.steptrail.store.insights.ChangedTaskProcessor;
import dev.steptrail.store.jdbc.Database;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
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
    private static final int ROUNDS = 3;
    private static final int SAMPLES = 1_000;

    private static final TestDatabase DATABASE = TestDatabase.migrated();
    private static final TestBucket BUCKET = TestBucket.empty();
    private static final TestQueue QUEUE = new TestQueue();

    private static final UUID SHORT = UuidV7.at(TestRecords.START);
    private static final UUID LONG = UuidV7.at(TestRecords.START);
    private static final UUID OTHER = UuidV7.at(TestRecords.START);

    @BeforeAll
    static void write() {
        insert(SHORT, SHORT_STEPS);
        insert(LONG, LONG_STEPS);
        insert(OTHER, 12);
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
        Map<String, Supplier<Api.Answer>> shortRequests = requests(SHORT, SHORT_STEPS);
        Map<String, Long> shortTimes = new LinkedHashMap<>();
        Map<String, Long> longTimes = new LinkedHashMap<>();
        requests(LONG, LONG_STEPS)
                .forEach((name, request) -> measure(name, shortRequests.get(name), request, shortTimes, longTimes));

        longTimes.forEach((request, millis) -> System.out.printf(
                Locale.ROOT,
                "%-58s %,d steps: %5d ms   %,d steps: %5d ms%n",
                request,
                SHORT_STEPS,
                shortTimes.get(request),
                LONG_STEPS,
                millis));
        assertThat(longTimes)
                .allSatisfy((request, millis) ->
                        assertThat(millis).as(request).isLessThanOrEqualTo(3 * shortTimes.get(request) + 100));
    }

    @Test
    @Order(2)
    void otherRequests_keepTheirTailLatency() throws Exception {
        double none = Double.MAX_VALUE;
        double beside = Double.MAX_VALUE;
        double besideLong = Double.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) { // in turn, so that other load affects all
            none = Math.min(none, tailMillis(null));
            beside = Math.min(beside, tailMillis(requests(SHORT, SHORT_STEPS)));
            besideLong = Math.min(besideLong, tailMillis(requests(LONG, LONG_STEPS)));
        }

        System.out.printf(
                Locale.ROOT,
                "p99 of other requests: %.1f ms alone, %.1f ms beside requests to %,d steps, %.1f ms beside requests to"
                        + " %,d steps; ratio %.2f%n",
                none,
                beside,
                SHORT_STEPS,
                besideLong,
                LONG_STEPS,
                besideLong / beside);
        assertThat(besideLong).isLessThanOrEqualTo(2 * beside + 20);
    }

    @Test
    @Order(3)
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

    /** Returns the p99 of short requests, while another client sends these requests one after another. */
    private static double tailMillis(Map<String, Supplier<Api.Answer>> load) throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        CompletableFuture<Void> loading = CompletableFuture.runAsync(() -> {
            while (load != null && !stop.get()) {
                load.values().stream().takeWhile(request -> !stop.get()).forEach(Supplier::get);
            }
        });
        Api other = api();
        Map<String, Supplier<Api.Answer>> all = requests(other, OTHER, 12);
        List<Supplier<Api.Answer>> requests = Stream.of("task", "steps?", "report?", "screenshots", "screenshot")
                .map(all::get)
                .toList();
        double[] millis = new double[SAMPLES];
        for (int i = -SAMPLES / 4; i < SAMPLES; i++) {
            long start = System.nanoTime();
            requests.get(Math.floorMod(i, requests.size())).get();
            millis[Math.max(0, i)] = (System.nanoTime() - start) / 1e6;
        }
        stop.set(true);
        try {
            loading.get();
        } catch (ExecutionException e) {
            throw new AssertionError("a request of the load failed", e.getCause());
        }
        Arrays.sort(millis);
        return millis[SAMPLES * 99 / 100];
    }

    /** Adds the median times of two requests in milliseconds. They are sent in turn, so other load affects both. */
    private static void measure(
            String name,
            Supplier<Api.Answer> first,
            Supplier<Api.Answer> second,
            Map<String, Long> firstTimes,
            Map<String, Long> secondTimes) {
        List<Long> times = new ArrayList<>();
        List<Long> otherTimes = new ArrayList<>();
        for (int i = 0; i < RUNS; i++) {
            times.add(millis(first));
            otherTimes.add(millis(second));
        }
        times.sort(null);
        otherTimes.sort(null);
        firstTimes.put(name, times.get(RUNS / 2));
        secondTimes.put(name, otherTimes.get(RUNS / 2));
    }

    private static long millis(Supplier<Api.Answer> request) {
        long start = System.nanoTime();
        request.get();
        return Duration.ofNanos(System.nanoTime() - start).toMillis();
    }

    private static Map<String, Supplier<Api.Answer>> requests(UUID task, int steps) {
        return requests(api(), task, steps);
    }

    private static Map<String, Supplier<Api.Answer>> requests(Api api, UUID task, int steps) {
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
            api.call("PUT /api/tasks/{task_id}/keep", task.toString(), "", "{\"keep\":true}");
            return api.call("PUT /api/tasks/{task_id}/keep", task.toString(), "", "{\"keep\":false}");
        });
        requests.put("audit", () -> get(api, "GET /api/audit", task, "task_id=" + task));
        requests.put("shares", () -> get(api, "GET /api/tasks/{task_id}/shares", task, ""));
        requests.put("share", () -> {
            JsonNode made = api.call("POST /api/tasks/{task_id}/shares", task.toString(), "", "{}")
                    .json();
            return api.call(
                    "DELETE /api/tasks/{task_id}/shares/{share_id}",
                    Map.of(
                            "task_id",
                            task.toString(),
                            "share_id",
                            made.get("share_id").asText()),
                    "",
                    null,
                    null);
        });
        addSharedRequests(requests, api, task, steps);
        AtomicReference<String> tag = new AtomicReference<>("");
        requests.put("report, mostly unchanged", () -> {
            Api.Answer answer = api.call(
                    ApiTestBase.REPORT,
                    Map.of("task_id", task.toString()),
                    "",
                    null,
                    Map.of("if-none-match", tag.get()));
            tag.set(answer.headers().get("etag"));
            return answer;
        });
        return requests;
    }

    /** Adds the requests of a reader with a share link. */
    private static void addSharedRequests(Map<String, Supplier<Api.Answer>> requests, Api api, UUID task, int steps) {
        Map<String, String> headers = Map.of(ShareLinkAuthenticator.HEADER, api.share(task, "{}"));
        int step = steps / 2;
        BUCKET.put("screenshots/AIDAALICE/" + task + "/" + step + ".webp", new byte[34_000]);
        Map<String, String> queries = Map.of(ApiTestBase.STEPS, "text=nothing", ApiTestBase.REPORT, "format=csv");
        for (String route : List.of(
                ApiTestBase.TASK,
                ApiTestBase.STEPS,
                ApiTestBase.REPORT,
                ApiTestBase.SCREENSHOTS,
                ApiTestBase.SCREENSHOT)) {
            String shared = route.replace("/api/", "/api/shared/");
            Map<String, String> path = Map.of("task_id", task.toString(), "step_id", task + "." + step);
            for (String query :
                    Stream.of("", queries.get(route)).filter(Objects::nonNull).toList()) {
                requests.put(shared + "?" + query, () -> {
                    Api.Answer answer = api.call(shared, path, query, null, headers);
                    assertThat(answer.status()).as(shared + "?" + query).isEqualTo(200);
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
