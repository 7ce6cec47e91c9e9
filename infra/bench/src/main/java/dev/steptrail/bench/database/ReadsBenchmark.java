package dev.steptrail.bench.database;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.steptrail.api.ApiHandler;
import dev.steptrail.bench.Benchmark;
import dev.steptrail.bench.Measurement;
import dev.steptrail.bench.Measurement.Threshold;
import dev.steptrail.bench.Rounds;
import java.io.IOException;
import java.sql.Connection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;

/** Measures the API's handler on a database of two million steps. */
public final class ReadsBenchmark implements Benchmark {
    private static final int MIDDLE = TwoMillionSteps.LONG_TASK / 2;
    private static final int ROUNDS = 3000;
    private static final int ROUNDS_OF_LONG = 150;
    private static final String BARE = "bare statement";
    private static final JsonMapper JSON = new JsonMapper();

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
            return new Comparisons(handler, new BareReads(connection), rounds)
                    .rows(tasks.longTask(), tasks.shortTask());
        }
    }

    private record Comparisons(ApiHandler handler, BareReads bare, Rounds rounds) {
        List<Measurement> rows(UUID task, UUID small) throws Exception {
            Map<String, String> middle = Map.of("cursor", cursorAfter(MIDDLE, task, handler));
            Call pageFromMiddle = page(task, middle, false);
            Call firstPage = page(task, Map.of(), false);
            Callable<?> firstPageOfOwner = () -> page(task, Map.of(), true).answer(handler);
            Call list = new Call("GET /api/tasks", Map.of(), Map.of(), true);
            return List.of(
                    row("page of 50 from the middle of 10,000 steps", pageFromMiddle, bare.page(task, MIDDLE), 2.0),
                    row("first page of 50 of 10,000 steps", firstPage, bare.page(task, 0), 2.0),
                    row("page from the middle", page(task, middle, true), "first page", firstPageOfOwner, ROUNDS, 1.1),
                    row("report of 100 steps", report(small), bare.report(small), 2.2),
                    row("report of 10,000 steps", report(task), BARE, bare.report(task), ROUNDS_OF_LONG, 1.4),
                    row("first 50 of an owner's tasks", list, bare.tasks(), 2.1));
        }

        private Measurement row(String name, Call call, Callable<?> statement, double factor) throws Exception {
            return row(name, call, BARE, statement, ROUNDS, factor);
        }

        private Measurement row(
                String name, Call call, String baselineName, Callable<?> baseline, int count, double factor)
                throws Exception {
            Threshold threshold = Threshold.atMost(factor);
            return rounds.compare(name, () -> call.answer(handler), baselineName, baseline, count, threshold);
        }
    }

    private static Call page(UUID task, Map<String, String> query, boolean isOwner) {
        return new Call("GET /api/tasks/{task_id}/steps", Map.of("task_id", task.toString()), query, isOwner);
    }

    /** Reads page by page, as a client does. */
    private static String cursorAfter(int steps, UUID task, ApiHandler handler) throws IOException {
        Map<String, String> query = new HashMap<>(Map.of("limit", "1000"));
        for (int read = 0; read < steps; read += 1000) {
            JsonNode response = JSON.readTree(page(task, query, true).answer(handler));
            JsonNode page = JSON.readTree(response.get("body").binaryValue());
            query.put("cursor", page.get("next_cursor").asText());
        }
        return Objects.requireNonNull(query.get("cursor"));
    }

    private static Call report(UUID task) {
        return new Call("GET /api/tasks/{task_id}/report", Map.of("task_id", task.toString()), Map.of(), false);
    }
}
