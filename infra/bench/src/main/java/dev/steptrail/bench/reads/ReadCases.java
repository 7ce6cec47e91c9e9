package dev.steptrail.bench.reads;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.steptrail.api.ApiHandler;
import dev.steptrail.bench.Measurement;
import dev.steptrail.bench.Measurement.Bar;
import dev.steptrail.bench.Turns;
import dev.steptrail.bench.Turns.Turn;
import dev.steptrail.bench.bare.BareRead;
import dev.steptrail.bench.bare.BareReads;
import dev.steptrail.bench.database.TwoMillionSteps;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The handler beside bare statements, and a page beside another. */
final class ReadCases {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String UNIT = "ms";
    private static final String BARE = "bare statement";
    private static final int MIDDLE = TwoMillionSteps.LONG_TASK / 2;
    private static final int ROUNDS = 400;
    private static final int ROUNDS_OF_LONG = 60;
    private static final Bar BAR = new Bar.AtMostTimesAndMore(1.3, 1);

    private final ApiHandler handler;
    private final BareReads bare;
    private final TwoMillionSteps.Loaded tasks;

    ReadCases(ApiHandler handler, BareReads bare, TwoMillionSteps.Loaded tasks) {
        this.handler = handler;
        this.bare = bare;
        this.tasks = tasks;
    }

    List<Measurement> measure() throws Exception {
        Map<String, String> first = Map.of();
        Map<String, String> middle = Map.of("cursor", cursorAfter(MIDDLE));
        UUID task = tasks.longTask();
        return List.of(
                beside(
                        "page of 50 from the middle of 10,000 steps",
                        steps(middle, false),
                        bare.page(task, MIDDLE),
                        ROUNDS),
                beside("first page of 50 of 10,000 steps", steps(first, false), bare.page(task, 0), ROUNDS),
                depth(steps(middle, true), steps(first, true)),
                beside("report of 100 steps", report(tasks.shortTask()), bare.report(tasks.shortTask()), ROUNDS),
                beside("report of 10,000 steps", report(task), bare.report(task), ROUNDS_OF_LONG),
                beside("first 50 of an owner's tasks", list(), bare.tasks(), ROUNDS));
    }

    private Measurement beside(String name, Call call, BareRead peer, int rounds) throws Exception {
        List<Double> times = Turns.medians(rounds, asked(call), Turn.of(peer));
        return new Measurement(name, BARE, times.get(0), times.get(1), UNIT, BAR);
    }

    private Measurement depth(Call middle, Call first) throws Exception {
        List<Double> times = Turns.medians(ROUNDS, asked(middle), asked(first));
        return new Measurement(
                "page from the middle", "first page", times.get(0), times.get(1), UNIT, new Bar.AtMost(1.1));
    }

    private Turn asked(Call call) {
        return Turn.of(() -> call.answer(handler));
    }

    private static Call report(UUID task) {
        return new Call("GET /api/tasks/{task_id}/report", Map.of("task_id", task.toString()), Map.of(), false);
    }

    private static Call list() {
        return new Call("GET /api/tasks", Map.of(), Map.of(), true);
    }

    private Call steps(Map<String, String> query, boolean ofOwner) {
        return new Call(
                "GET /api/tasks/{task_id}/steps",
                Map.of("task_id", tasks.longTask().toString()),
                query,
                ofOwner);
    }

    /** As a reader comes there: page by page. */
    private String cursorAfter(int steps) throws IOException {
        String cursor = "";
        for (int read = 0; read < steps; read += 1000) {
            Map<String, String> query =
                    cursor.isEmpty() ? Map.of("limit", "1000") : Map.of("limit", "1000", "cursor", cursor);
            JsonNode page = JSON.readTree(Call.body(steps(query, true).answer(handler)));
            if (page.get("steps").size() != 1000) {
                throw new IllegalStateException("a page ended early");
            }
            cursor = page.get("next_cursor").asText();
        }
        return cursor;
    }
}
