package dev.steptrail.bench.reads;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.steptrail.api.ApiHandler;
import dev.steptrail.bench.Measurement;
import dev.steptrail.bench.Measurement.Bar;
import dev.steptrail.bench.database.Postgres;
import dev.steptrail.bench.database.Table;
import java.io.IOException;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;

/** The handler beside bare statements, and a page beside another. */
final class ReadCases {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String UNIT = "ms";
    private static final String BARE = "bare statement";
    private static final int MIDDLE = TwoMillionSteps.LONG_TASK / 2;
    private static final int PAGE = 50;
    private static final int ROUNDS = 400;
    private static final int ROUNDS_OF_LONG = 60;
    private static final Bar BAR = new Bar.AtMostTimesAndMore(1.3, 1);

    private static final String STEPS = """
            SELECT %s
              FROM task_steps
             WHERE task_id = ?
               AND step_number > ?
             ORDER BY step_number
             LIMIT 50
            """.formatted(Table.STEPS.columns());

    private static final String SCREENSHOTS = """
            SELECT %s
              FROM step_screenshots
             WHERE task_id = ?
               AND step_number BETWEEN ? AND ?
             ORDER BY step_number, ordinal
            """.formatted(Table.SCREENSHOTS.columns());

    private static final String OF_REPORT = """
            SELECT step_number, step_type, step_data, action_result, duration_ms, success, error_message, created_at
              FROM task_steps
             WHERE task_id = ?
            """;

    private static final String TASKS = """
            SELECT task_id, owner, name, description, agent, model, device_id, status, message, ending, continues, announced,
                   started_at, ended_at, last_step_at, last_step_number, received_at, total_steps, successful_steps,
                   failed_steps, total_duration_ms, dropped_steps, dropped_screenshots, conflicts, keep, losses, metadata,
                   started_fields, ended_fields
              FROM tasks
             WHERE owner = ?
               AND deleted_at IS NULL
             ORDER BY started_at DESC, task_id DESC
             LIMIT 50
            """;

    private final ApiHandler handler;
    private final Connection connection;
    private final TwoMillionSteps.Loaded tasks;

    ReadCases(ApiHandler handler, Connection connection, TwoMillionSteps.Loaded tasks) {
        this.handler = handler;
        this.connection = connection;
        this.tasks = tasks;
    }

    List<Measurement> measure() throws Exception {
        Map<String, String> first = Map.of();
        Map<String, String> middle = Map.of("cursor", cursorAfter(MIDDLE));
        Times pages = Times.inTurns(ROUNDS, asked(steps(middle, true)), asked(steps(first, true)));
        return List.of(
                page("page of 50 from the middle of 10,000 steps", steps(middle, false), MIDDLE),
                page("first page of 50 of 10,000 steps", steps(first, false), 0),
                new Measurement(
                        "page from the middle", "first page", pages.ours(), pages.peers(), UNIT, new Bar.AtMost(1.1)),
                report("report of 100 steps", tasks.shortTask(), ROUNDS),
                report("report of 10,000 steps", tasks.longTask(), ROUNDS_OF_LONG),
                list());
    }

    private Measurement page(String name, Call call, int after) throws Exception {
        UUID task = tasks.longTask();
        try (BareStatement steps = new BareStatement(connection, STEPS, task, after);
                BareStatement screenshots = new BareStatement(connection, SCREENSHOTS, task, after + 1, after + PAGE);
                BareAudit audit = new BareAudit(connection, task)) {
            return row(
                    name, Times.inTurns(ROUNDS, asked(call), () -> steps.read() + screenshots.read() + audit.insert()));
        }
    }

    private Measurement report(String name, UUID task, int rounds) throws Exception {
        Call call = new Call("GET /api/tasks/{task_id}/report", Map.of("task_id", task.toString()), Map.of(), false);
        try (BareStatement statement = new BareStatement(connection, OF_REPORT, task);
                BareAudit audit = new BareAudit(connection, task)) {
            return row(name, Times.inTurns(rounds, asked(call), () -> statement.read() + audit.insert()));
        }
    }

    private Measurement list() throws Exception {
        Call call = new Call("GET /api/tasks", Map.of(), Map.of(), true);
        try (BareStatement statement = new BareStatement(connection, TASKS, Postgres.OWNER)) {
            return row("first 50 of an owner's tasks", Times.inTurns(ROUNDS, asked(call), statement::read));
        }
    }

    private static Measurement row(String name, Times times) {
        return new Measurement(name, BARE, times.ours(), times.peers(), UNIT, BAR);
    }

    private Callable<Object> asked(Call call) {
        return () -> call.answer(handler);
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
            JsonNode page = JSON.readTree(steps(query, true).answer(handler));
            if (page.get("steps").size() != 1000) {
                throw new IllegalStateException("a page ended early");
            }
            cursor = page.get("next_cursor").asText();
        }
        return cursor;
    }
}
