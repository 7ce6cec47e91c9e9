package dev.steptrail.bench.database;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.steptrail.api.ApiHandler;
import dev.steptrail.bench.Benchmark;
import dev.steptrail.bench.Measurement;
import dev.steptrail.bench.Measurement.Threshold;
import dev.steptrail.bench.Rounds;
import dev.steptrail.bench.Rounds.Subject;
import dev.steptrail.store.TestContext;
import java.io.IOException;
import java.sql.Connection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/** Measures the API's handler on a database of two million steps. */
public final class ReadsBenchmark implements Benchmark {
    private static final int MIDDLE = LargeDataset.LONG_TASK_STEPS / 2;
    private static final int ROUNDS = 3000;
    private static final JsonMapper JSON = new JsonMapper();

    @Override
    public List<Measurement> run(Rounds rounds) throws Exception {
        try (PostgresServer postgres = PostgresServer.start();
                Connection connection = postgres.connect()) {
            LargeDataset tasks = LargeDataset.create(postgres, rounds);
            ApiHandler handler = new ApiHandler(postgres.settings());
            BaselineReads reads = new BaselineReads(connection);
            return new Comparisons(handler, rounds).rows(tasks.longTask(), tasks.shortTask(), reads);
        }
    }

    /** A request to the API, which the owner of the tasks sends, or a different admin in each call. */
    private record Call(String route, Map<String, String> path, Map<String, String> query, boolean isOwner) {
        private static final AtomicInteger ADMINS = new AtomicInteger();

        static Call list(Map<String, String> query) {
            return new Call("GET /api/tasks", Map.of(), query, true);
        }

        static Call page(UUID task, Map<String, String> query, boolean isOwner) {
            return new Call("GET /api/tasks/{task_id}/steps", Map.of("task_id", task.toString()), query, isOwner);
        }

        static Call report(UUID task) {
            return new Call("GET /api/tasks/{task_id}/report", Map.of("task_id", task.toString()), Map.of(), false);
        }

        /** Creates an event. Every read of an admin is audited, those of an owner once per minute. */
        APIGatewayV2HTTPEvent toEvent() {
            Map<String, String> claims = isOwner
                    ? Map.of("sub", PostgresServer.OWNER)
                    : Map.of("sub", "reader-" + ADMINS.incrementAndGet(), "cognito:groups", "steptrail-admin");
            return LambdaEvents.createRequest(route, path, query, claims);
        }
    }

    private record Comparisons(ApiHandler handler, Rounds rounds) {
        List<Measurement> rows(UUID task, UUID shortTask, BaselineReads reads) throws Exception {
            Call pageFromMiddle = Call.page(task, Map.of("cursor", cursorAfter(MIDDLE, task)), false);
            Call firstPage = Call.page(task, Map.of(), false);
            return List.of(
                    row("page of 50 from the middle of 10,000 steps", pageFromMiddle, reads.page(task, MIDDLE), 2.0),
                    row("first page of 50 of 10,000 steps", firstPage, reads.page(task, 0), 2.0),
                    row("report of 100 steps", Call.report(shortTask), reads.report(shortTask), 2.2),
                    row("first 50 of an owner's tasks", Call.list(Map.of()), reads.tasks(), 2.1),
                    row(
                            "first 50 with thumbnails",
                            Call.list(Map.of("include", "thumbnail")),
                            reads.tasksWithScreenshots(),
                            2.1));
        }

        private Measurement row(String name, Call call, Callable<?> statements, double factor) throws Exception {
            double[] millis =
                    rounds.measureMedians(ROUNDS, ROUNDS, Subject.timed(() -> invoke(call)), Subject.timed(statements));
            return new Measurement(name, "plain statement", millis[0], millis[1], "ms", Threshold.atMost(factor));
        }

        /** Invokes the handler and returns the response as JSON. */
        private byte[] invoke(Call call) throws IOException {
            APIGatewayV2HTTPResponse response = handler.handleRequest(call.toEvent(), new TestContext());
            if (response.getStatusCode() != 200) {
                throw new IllegalStateException(call.route() + " returned " + response.getBody());
            }
            return JSON.writeValueAsBytes(response);
        }

        /** Returns the cursor after this many steps. Reads page by page, as a client does. */
        private String cursorAfter(int steps, UUID task) throws IOException {
            Map<String, String> query = new HashMap<>(Map.of("limit", "1000"));
            for (int read = 0; read < steps; read += 1000) {
                JsonNode body =
                        JSON.readTree(invoke(Call.page(task, query, true))).get("body");
                JsonNode page = JSON.readTree(body.binaryValue()); // so many steps are compressed
                query.put("cursor", page.get("next_cursor").asText());
            }
            return Objects.requireNonNull(query.get("cursor"));
        }
    }
}
