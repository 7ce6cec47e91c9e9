package dev.steptrail.localcloud.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.shipper.Shipper;
import dev.steptrail.shipper.ShipperSettings;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.tracker.RunResult;
import dev.steptrail.tracker.StepTracker;
import dev.steptrail.tracker.outbox.Outbox;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;

/**
 * A run from end to end: recorded by a tracker, shipped from its outbox, written by ingest, read back through the API and
 * compared with what was recorded.
 */
public final class Demo {
    private static final Duration FLUSH_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration ARRIVAL_TIMEOUT = Duration.ofSeconds(60);

    private final Map<String, String> environment;
    private final Path outboxFolder;
    private final PrintStream out;

    /**
     * @param environment what DIR/local.env tells
     * @param outboxFolder where the run is recorded
     * @param out for what a person wants to know
     */
    public Demo(Map<String, String> environment, Path outboxFolder, PrintStream out) {
        this.environment = environment;
        this.outboxFolder = outboxFolder;
        this.out = out;
    }

    /**
     * Does it all.
     *
     * @throws IOException if something cannot be done, or what comes back is not what was recorded
     */
    public void run() throws Exception {
        DemoScript script = DemoScript.read();
        UUID taskId = record(script);
        ship();
        ApiReader api = new ApiReader(environment.get("STEPTRAIL_API"), environment.get("STEPTRAIL_TOKEN"));
        api.awaitEnd(taskId, ARRIVAL_TIMEOUT);
        readBack(api, taskId, script.steps().size());
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
            require(result.status() == TaskStatus.SUCCEEDED, "the run failed: " + result.message());
            if (result.taskId() == null) {
                throw new IOException("the run was not recorded");
            }
            out.println(
                    "demo  recorded " + result.steps() + " steps of task " + result.taskId() + ": " + script.task());
            return result.taskId();
        }
    }

    private void ship() throws Exception {
        Outbox outbox = Outbox.in(outboxFolder);
        try (Shipper shipper = Shipper.open(outbox, ShipperSettings.from(environment))
                .orElseThrow(() -> new IOException("another process ships " + outboxFolder))) {
            shipper.shipAll();
            out.println("demo  shipped " + shipper.counts().records() + " records and "
                    + shipper.counts().screenshots() + " screenshots");
        }
    }

    private void readBack(ApiReader api, UUID taskId, int recorded) throws IOException, InterruptedException {
        JsonNode steps = api.json("/api/tasks/" + taskId + "/steps?limit=1000").path("steps");
        require(steps.size() == recorded, steps.size() + " of " + recorded + " steps came back");
        int failed = 0;
        for (int i = 0; i < recorded; i++) {
            require(steps.get(i).path("step_number").asInt() == i + 1, "the steps came back out of order");
            failed += steps.get(i).path("success").asBoolean() ? 0 : 1;
        }
        JsonNode report = api.json("/api/tasks/" + taskId + "/report");
        require(report.path("total_steps").asInt() == recorded, "the report counts other steps");
        require(report.path("failed_steps").asInt() == failed, "the report counts other failures");
        out.println("demo  read back " + recorded + " steps, " + failed + " of them failed; ending "
                + report.path("ending").asText());
        String screenshot = "/api/steps/" + taskId + ".1/screenshot";
        ApiReader.Picture picture = api.picture(screenshot);
        require("image/webp".equals(picture.contentType()), screenshot + " is " + picture.contentType());
        out.println("demo  " + screenshot + " is " + picture.bytes() + " bytes of " + picture.contentType());
    }

    private static void require(boolean holds, String otherwise) throws IOException {
        if (!holds) {
            throw new IOException("demo: " + otherwise);
        }
    }
}
