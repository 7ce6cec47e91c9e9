package dev.steptrail.bench.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** One who looks through their tasks, page by page of the list, and of each page looks at one task: all that is shown of it. */
final class Viewer {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final ApiClient client;
    private final String token;
    private final Random random;
    private final List<Double> millis = new ArrayList<>();
    private final List<String> errors = new ArrayList<>();
    private String list = "/api/tasks";

    Viewer(ApiClient client, String token, long seed) {
        this.client = client;
        this.token = token;
        this.random = new Random(seed);
    }

    /**
     * What viewers met with.
     *
     * @param millis how long each answer took
     * @param errors what was no answer
     */
    record Seen(List<Double> millis, List<String> errors) {
        static Seen of(List<Seen> all) {
            return new Seen(
                    flat(all.stream().map(Seen::millis)), flat(all.stream().map(Seen::errors)));
        }

        private static <T> List<T> flat(Stream<List<T>> lists) {
            return lists.flatMap(List::stream).toList();
        }
    }

    /** Looks for so long; an answer that is none is counted, and they go on. */
    Seen look(Duration duration) throws Exception {
        long end = System.nanoTime() + duration.toNanos();
        while (System.nanoTime() < end) {
            try {
                lookAtOne();
            } catch (IOException e) {
                errors.add(e.toString());
            }
        }
        return new Seen(millis, errors);
    }

    private void lookAtOne() throws Exception {
        JsonNode page = get(list);
        list = page.get("next_cursor").isNull()
                ? "/api/tasks"
                : "/api/tasks?cursor=" + page.get("next_cursor").asText();
        String task = "/api/tasks/" + one(page.get("tasks")).get("task_id").asText();
        get(task);
        get(task + "/report");
        get(task + "/screenshots");
        JsonNode steps = get(task + "/steps").get("steps");
        if (!steps.isEmpty()) { // else it has only begun
            String step = one(steps).get("step_id").asText();
            get("/api/steps/" + step + "/screenshot?redirect=false");
        }
    }

    private JsonNode one(JsonNode of) {
        return of.get(random.nextInt(of.size()));
    }

    private JsonNode get(String path) throws Exception {
        long begun = System.nanoTime();
        byte[] answer = client.get(path, token).call();
        millis.add((System.nanoTime() - begun) / 1e6);
        return JSON.readTree(answer);
    }
}
