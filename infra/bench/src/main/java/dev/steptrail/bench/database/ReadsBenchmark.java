package dev.steptrail.bench.database;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.steptrail.api.ApiHandler;
import dev.steptrail.bench.Benchmark;
import dev.steptrail.bench.Measurement;
import dev.steptrail.bench.Measurement.Threshold;
import dev.steptrail.bench.Rounds;
import dev.steptrail.bench.database.LargeDataset.Share;
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
    private static final int MIDDLE = LargeDataset.LONG_TASK_STEPS / 2;
    private static final int ROUNDS = 3000;
    private static final int REPORT_ROUNDS = 150;
    private static final int FILTER_ROUNDS = 300;
    private static final String BASELINE = "plain statement";
    private static final JsonMapper JSON = new JsonMapper();

    @Override
    public String description() {
        return "The median time of one response of the API's handler (API Gateway event in, response out). The"
                + " database contains 2 million steps and 4 million screenshots. The baseline runs plain prepared"
                + " statements that fetch the same columns and all rows: 50 steps and their screenshots for a page,"
                + " the columns that a report uses with judgements and tokens, or the tasks of the list with their tokens. The"
                + " handler also checks the owner, and signs a URL per thumbnail. For"
                + " pages and reports both write an audit row, which is forced to the disk. Neither does for the"
                + " list, and where two pages are compared. Filtered lists are compared with the list without a filter."
                + " The filters match 1 % or 50 % of the tasks of the owner, or of all owners.";
    }

    @Override
    public List<Measurement> run(Rounds rounds) throws Exception {
        try (PostgresServer server = PostgresServer.start();
                Connection connection = server.postgres().connect()) {
            LargeDataset.ReadTasks tasks = LargeDataset.load(server.postgres(), Postgres.OWNER, rounds);
            connection.setAutoCommit(true);
            ApiHandler handler = new ApiHandler(server.postgres().settings());
            return new Comparisons(handler, new BaselineReads(connection), rounds)
                    .rows(tasks.longTask(), tasks.shortTask());
        }
    }

    private record Comparisons(ApiHandler handler, BaselineReads reads, Rounds rounds) {
        List<Measurement> rows(UUID task, UUID shortTask) throws Exception {
            Map<String, String> middle = Map.of("cursor", cursorAfter(MIDDLE, task, handler));
            ApiCall pageFromMiddle = page(task, middle, false);
            ApiCall firstPage = page(task, Map.of(), false);
            Callable<?> firstPageByOwner = () -> page(task, Map.of(), true).invoke(handler);
            ApiCall list = list(Map.of());
            ApiCall thumbnails = list(Map.of("include", "thumbnail"));
            return List.of(
                    row("page of 50 from the middle of 10,000 steps", pageFromMiddle, reads.page(task, MIDDLE), 2.0),
                    row("first page of 50 of 10,000 steps", firstPage, reads.page(task, 0), 2.0),
                    row("page from the middle", page(task, middle, true), "first page", firstPageByOwner, ROUNDS, 1.1),
                    row("report of 100 steps", report(shortTask), reads.report(shortTask), 2.2),
                    row("report of 10,000 steps", report(task), BASELINE, reads.report(task), REPORT_ROUNDS, 1.4),
                    row("first 50 of an owner's tasks", list, reads.tasks(false), 2.1),
                    row("first 50 with thumbnails", thumbnails, reads.tasks(true), 2.1),
                    filtered("tag of one percent, one owner", "tag", Share.ONE_PERCENT.name(), true),
                    filtered("metadata.share of half, one owner", "metadata.share", Share.HALF.name(), true),
                    filtered("verdict of half, all owners", "verdict", "pass", false));
        }

        /** Compares the first page of a filtered list with the first page of the list without a filter. */
        private Measurement filtered(String name, String filter, String value, boolean isOwner) throws Exception {
            ApiCall call = new ApiCall("GET /api/tasks", Map.of(), Map.of(filter, value), isOwner);
            ApiCall all = new ApiCall("GET /api/tasks", Map.of(), Map.of(), isOwner);
            return rounds.compare(
                    name,
                    () -> call.invoke(handler),
                    "no filter",
                    () -> all.invoke(handler),
                    FILTER_ROUNDS,
                    Threshold.atMost(1.5, 1));
        }

        private Measurement row(String name, ApiCall call, Callable<?> statement, double factor) throws Exception {
            return row(name, call, BASELINE, statement, ROUNDS, factor);
        }

        private Measurement row(
                String name, ApiCall call, String baselineName, Callable<?> baseline, int roundCount, double factor)
                throws Exception {
            Threshold threshold = Threshold.atMost(factor);
            return rounds.compare(name, () -> call.invoke(handler), baselineName, baseline, roundCount, threshold);
        }
    }

    private static ApiCall list(Map<String, String> query) {
        return new ApiCall("GET /api/tasks", Map.of(), query, true);
    }

    private static ApiCall page(UUID task, Map<String, String> query, boolean isOwner) {
        return new ApiCall("GET /api/tasks/{task_id}/steps", Map.of("task_id", task.toString()), query, isOwner);
    }

    /** Returns the cursor after this many steps. Reads page by page, as a client does. */
    private static String cursorAfter(int steps, UUID task, ApiHandler handler) throws IOException {
        Map<String, String> query = new HashMap<>(Map.of("limit", "1000"));
        for (int read = 0; read < steps; read += 1000) {
            query.put(
                    "cursor",
                    body(page(task, query, true), handler).get("next_cursor").asText());
        }
        return Objects.requireNonNull(query.get("cursor"));
    }

    private static JsonNode body(ApiCall call, ApiHandler handler) throws IOException {
        JsonNode response = JSON.readTree(call.invoke(handler));
        return response.path("isBase64Encoded").asBoolean()
                ? JSON.readTree(response.get("body").binaryValue())
                : JSON.readTree(response.get("body").textValue());
    }

    private static ApiCall report(UUID task) {
        return new ApiCall("GET /api/tasks/{task_id}/report", Map.of("task_id", task.toString()), Map.of(), false);
    }
}
