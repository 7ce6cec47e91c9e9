package dev.steptrail.cli.judging;

import dev.steptrail.cli.ApiTestBase;
import dev.steptrail.cli.ScriptedApi.Request;
import dev.steptrail.cli.ScriptedApi.Response;
import dev.steptrail.cli.ScriptedApi.Run;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The base of tests of {@code steptrail evaluate}, with a file server in place of the bucket. */
abstract class EvaluateTestBase extends ApiTestBase {
    static final String FIRST = "0190163d-8694-739b-aea5-966c26f8ad91";
    static final String SECOND = "0190163d-8694-739b-aea5-966c26f8ad92";
    private static final String NO_VERDICTS = "{\"verdicts\":[],\"next_cursor\":null}";
    private static final String NO_STEPS = "{\"steps\":[],\"next_cursor\":null}";
    private static final String NO_SCREENSHOTS = "{\"screenshots\":[],\"next_cursor\":null}";
    static final String PASS = "sh -c 'cat >/dev/null; echo {\\\"value\\\":\\\"pass\\\",\\\"reason\\\":\\\"ok\\\"}'";

    @TempDir
    Path folder;

    @BeforeEach
    void start() {
        api.on("GET /api/tasks/ID/verdicts", Response.json(200, NO_VERDICTS));
        api.on("GET /api/tasks/ID/steps", Response.json(200, NO_STEPS));
        api.on("GET /api/tasks/ID/screenshots", Response.json(200, NO_SCREENSHOTS));
        api.on("PUT /api/tasks/ID/verdicts", Response.json(200, "{}"));
    }

    static String task(String id, String status, String claim) {
        return "{\"task_id\":\"" + id + "\",\"status\":\"" + status + "\",\"claimed_success\":" + claim
                + ",\"message\":\"done\",\"total_steps\":3,\"last_step_number\":3}";
    }

    void tasks(String... tasks) {
        api.on(
                "GET /api/tasks",
                Response.json(200, "{\"tasks\":[" + String.join(",", tasks) + "],\"next_cursor\":null}"));
    }

    Run evaluate(String command, String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("evaluate", "--command", command, "--evaluator-version", "1", "--parallel", "1"));
        arguments.addAll(List.of(more));
        if (!arguments.contains("--evaluator")) {
            arguments.addAll(List.of("--evaluator", "sh"));
        }
        return api.run(arguments.toArray(String[]::new));
    }

    List<String> stored() {
        return api.requests().stream()
                .filter(request -> request.line().startsWith("PUT "))
                .map(Request::body)
                .toList();
    }
}
