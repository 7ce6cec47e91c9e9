package dev.steptrail.bench.reads;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.steptrail.api.ApiHandler;
import dev.steptrail.bench.Benchmark;
import dev.steptrail.bench.Measurement;
import dev.steptrail.bench.Measurement.Threshold;
import dev.steptrail.bench.Rounds;
import dev.steptrail.bench.Rounds.Turn;
import dev.steptrail.bench.database.BareReads;
import dev.steptrail.bench.database.Postgres;
import dev.steptrail.bench.database.PostgresServer;
import dev.steptrail.bench.database.TwoMillionSteps;
import java.io.IOException;
import java.sql.Connection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;

/** The API's handler among two million steps. */
public final class ReadsBenchmark implements Benchmark {
    private static final int MIDDLE = TwoMillionSteps.LONG_TASK / 2;
    private static final int ROUNDS = 1000;
    private static final int ROUNDS_OF_LONG = 150;
    private static final JsonMapper JSON = new JsonMapper();
    private static final String BARE = "bare statement";

    @Override
    public String name() {
        return "reads";
    }

    @Override
    public String description() {
        return "The median time of one response of the API's handler (API Gateway event in, response out) among 2"
                + " million steps and 4 million screenshots, against the bare statements, prepared by the server, that"
                + " fetch the same columns to the last row. For a page these are 50 steps and their screenshots, for a"
                + " report the columns that it uses, for the list the tasks. The handler also checks the owner. For pages"
                + " and reports both sides write an audit row that is forced to the disk; for the list, and where one page"
                + " is compared with another, neither does.";
    }

    @Override
    public List<Measurement> run(Rounds rounds) throws Exception {
        try (PostgresServer server = PostgresServer.start();
                Connection connection = server.postgres().connect()) {
            TwoMillionSteps.Loaded tasks = TwoMillionSteps.load(server.postgres(), Postgres.OWNER, rounds);
            connection.setAutoCommit(true);
            ApiHandler handler = new ApiHandler(server.postgres().settings());
            BareReads bare = new BareReads(connection);
            UUID task = tasks.longTask();
            UUID small = tasks.shortTask();
            Map<String, String> middle = Map.of("cursor", cursorAfter(MIDDLE, task, handler));
            return List.of(
                    row(
                            "page of 50 from the middle of 10,000 steps",
                            handler,
                            page(task, middle, false),
                            BARE,
                            bare.page(task, MIDDLE, Postgres.OWNER),
                            rounds,
                            ROUNDS,
                            2.0),
                    row(
                            "first page of 50 of 10,000 steps",
                            handler,
                            page(task, Map.of(), false),
                            BARE,
                            bare.page(task, 0, Postgres.OWNER),
                            rounds,
                            ROUNDS,
                            2.0),
                    row(
                            "page from the middle",
                            handler,
                            page(task, middle, true),
                            "first page",
                            () -> page(task, Map.of(), true).answer(handler),
                            rounds,
                            ROUNDS,
                            1.1),
                    row(
                            "report of 100 steps",
                            handler,
                            report(small),
                            BARE,
                            bare.report(small, Postgres.OWNER),
                            rounds,
                            ROUNDS,
                            2.2),
                    row(
                            "report of 10,000 steps",
                            handler,
                            report(task),
                            BARE,
                            bare.report(task, Postgres.OWNER),
                            rounds,
                            ROUNDS_OF_LONG,
                            1.4),
                    row(
                            "first 50 of an owner's tasks",
                            handler,
                            new Call("GET /api/tasks", Map.of(), Map.of(), true),
                            BARE,
                            bare.tasks(Postgres.OWNER),
                            rounds,
                            ROUNDS,
                            2.1));
        }
    }

    private static Measurement row(
            String name,
            ApiHandler handler,
            Call call,
            String baselineName,
            Callable<?> baseline,
            Rounds rounds,
            int count,
            double factor)
            throws Exception {
        double[] millis = rounds.medians(count, count, Turn.millis(() -> call.answer(handler)), Turn.millis(baseline));
        return new Measurement(name, baselineName, millis[0], millis[1], "ms", Threshold.atMost(factor));
    }

    private static Call page(UUID task, Map<String, String> query, boolean isOwner) {
        return new Call("GET /api/tasks/{task_id}/steps", Map.of("task_id", task.toString()), query, isOwner);
    }

    /** Reads page by page, as a reader does. */
    private static String cursorAfter(int steps, UUID task, ApiHandler handler) throws IOException {
        Map<String, String> query = new HashMap<>(Map.of("limit", "1000"));
        for (int read = 0; read < steps; read += 1000) {
            JsonNode response = JSON.readTree(page(task, query, true).answer(handler));
            JsonNode page = JSON.readTree(response.get("body").textValue());
            query.put("cursor", page.get("next_cursor").asText());
        }
        return Objects.requireNonNull(query.get("cursor"));
    }

    private static Call report(UUID task) {
        return new Call("GET /api/tasks/{task_id}/report", Map.of("task_id", task.toString()), Map.of(), false);
    }
}
