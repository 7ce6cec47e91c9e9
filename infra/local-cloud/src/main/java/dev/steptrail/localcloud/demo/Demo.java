package dev.steptrail.localcloud.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.steptrail.shipper.Shipper;
import dev.steptrail.shipper.ShipperSettings;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.tracker.ActionResult;
import dev.steptrail.tracker.Decision;
import dev.steptrail.tracker.PhoneAgent;
import dev.steptrail.tracker.RunResult;
import dev.steptrail.tracker.Screen;
import dev.steptrail.tracker.StepTracker;
import dev.steptrail.tracker.internal.outbox.Outbox;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * Records a scripted task with a tracker, ships it from its outbox, reads it back through the API after ingest stored
 * it, and compares the result with the script.
 */
public final class Demo {
    private static final Duration FLUSH_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration ARRIVAL_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(100);

    private final HttpClient http = HttpClient.newHttpClient();
    private final ObjectMapper mapper = new ObjectMapper();
    private final Map<String, String> environment;
    private final Path outboxFolder;
    private final PrintStream out;

    /**
     * @param environment the variables in {@code local.env}
     * @param outboxFolder the folder of the outbox to record in
     * @param out receives the progress messages
     */
    public Demo(Map<String, String> environment, Path outboxFolder, PrintStream out) {
        this.environment = environment;
        this.outboxFolder = outboxFolder;
        this.out = out;
    }

    /**
     * Records the scripted task, ships it, reads it back and prints each result.
     *
     * @throws IOException if recording, shipping or reading fails, or the stored task differs from the script
     */
    public void run() throws Exception {
        DemoScript script = DemoScript.read();
        UUID taskId = record(script);
        ship();
        awaitEnd(taskId);
        readBack(taskId, script.steps().size());
        out.println("demo  open " + environment.get("STEPTRAIL_API") + "/tasks/" + taskId + "?login_hint=demo");
        out.println("demo  done");
    }

    private UUID record(DemoScript script) throws IOException {
        try (StepTracker tracker = StepTracker.builder(outboxFolder)
                .agent("steptrail-demo")
                .model("script")
                .deviceId("simulated-phone")
                .shipping(false)
                .build()) {
            RunResult result = new DemoAgent(tracker, script).run(script.task(), true);
            require(tracker.flush(FLUSH_TIMEOUT), "the tracker did not write its outbox in time");
            require(result.status() == TaskStatus.SUCCEEDED, "the task failed: " + result.message());
            if (result.taskId() == null) {
                throw new IOException("the task was not recorded");
            }
            out.println(
                    "demo  recorded " + result.steps() + " steps of task " + result.taskId() + ": " + script.task());
            return result.taskId();
        }
    }

    private void ship() throws Exception {
        Outbox outbox = Outbox.open(outboxFolder);
        try (Shipper shipper = Shipper.open(outbox, ShipperSettings.from(environment))
                .orElseThrow(() -> new IOException("demo: another process is shipping " + outboxFolder))) {
            shipper.shipAll();
            out.println("demo  shipped " + shipper.counts().records() + " records and "
                    + shipper.counts().screenshots() + " screenshots");
        }
    }

    private void awaitEnd(UUID taskId) throws IOException, InterruptedException {
        Instant deadline = Instant.now().plus(ARRIVAL_TIMEOUT);
        while (true) {
            HttpResponse<byte[]> response = get("/api/tasks/" + taskId);
            if (response.statusCode() == 200
                    && !mapper.readTree(response.body()).path("status").asText().equals("running")) {
                return;
            }
            require(
                    Instant.now().isBefore(deadline),
                    "task " + taskId + " was not stored within " + ARRIVAL_TIMEOUT.toSeconds() + " s");
            Thread.sleep(POLL_INTERVAL.toMillis());
        }
    }

    private void readBack(UUID taskId, int expectedSteps) throws IOException, InterruptedException {
        JsonNode steps = json("/api/tasks/" + taskId + "/steps?limit=1000").path("steps");
        require(steps.size() == expectedSteps, steps.size() + " of " + expectedSteps + " steps are stored");
        int failed = 0;
        for (int i = 0; i < expectedSteps; i++) {
            require(steps.get(i).path("step_number").asInt() == i + 1, "the steps are not in order");
            failed += steps.get(i).path("success").asBoolean() ? 0 : 1;
        }
        JsonNode report = json("/api/tasks/" + taskId + "/report");
        require(report.path("total_steps").asInt() == expectedSteps, "total_steps of the report is wrong");
        require(report.path("failed_steps").asInt() == failed, "failed_steps of the report is wrong");
        out.println("demo  read back " + expectedSteps + " steps (" + failed + " failed), end reason "
                + report.path("end_reason").asText());
        String path = "/api/steps/" + taskId + ".1/screenshot";
        String url =
                expect(302, path, get(path)).headers().firstValue("location").orElse("");
        // The token must not go to the presigned URL.
        HttpResponse<byte[]> screenshot =
                expect(200, "the presigned URL of " + path, send(HttpRequest.newBuilder(URI.create(url))));
        String type = screenshot.headers().firstValue("content-type").orElse("");
        require("image/webp".equals(type), path + " is " + type);
        out.println("demo  " + path + " is " + screenshot.body().length + " bytes of " + type);
    }

    private JsonNode json(String path) throws IOException, InterruptedException {
        return mapper.readTree(expect(200, path, get(path)).body());
    }

    private HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(environment.get("STEPTRAIL_API") + path))
                .header("authorization", "Bearer " + environment.get("STEPTRAIL_TOKEN")));
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static HttpResponse<byte[]> expect(int status, String request, HttpResponse<byte[]> response)
            throws IOException {
        require(
                response.statusCode() == status,
                request + " returned status " + response.statusCode() + ", expected " + status);
        return response;
    }

    private static void require(boolean condition, String error) throws IOException {
        if (!condition) {
            throw new IOException("demo: " + error);
        }
    }

    /** An agent that replays a {@link DemoScript} instead of using a model and a phone. */
    private static final class DemoAgent extends PhoneAgent {
        private final DemoScript script;
        private int current;

        DemoAgent(StepTracker tracker, DemoScript script) {
            super(tracker, script.steps().size());
            this.script = script;
        }

        @Override
        protected Screen observe() throws IOException {
            return new Screen(DemoScript.png(script.steps().get(current).screen()), false);
        }

        @Override
        protected Decision decide(String task, Screen screen, int stepNumber) {
            DemoScript.Step step = script.steps().get(current);
            boolean finished = "finish".equals(step.action().get("_metadata"));
            return finished
                    ? Decision.finish(
                            step.thinking(), String.valueOf(step.action().get("message")))
                    : Decision.act(step.thinking(), step.action());
        }

        @Override
        protected ActionResult act(Map<String, Object> action, Screen screen) {
            String error = script.steps().get(current).error();
            current++;
            return error == null ? ActionResult.succeeded() : ActionResult.failed(error);
        }
    }
}
