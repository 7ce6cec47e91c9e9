package dev.steptrail.bench.viewer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.BoundingBox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;

/** Opens pages of the viewer as a signed-in user, each in a new context. */
final class ViewerPages {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int MOVES = 100;
    /** The time from the first screenshot until the user scrubs. */
    private static final double REACTION_MS = 1000;

    private final Chromium chromium;
    private final CloudServer cloud;

    /**
     * What was measured on the page of a task.
     *
     * @param screenshot the time from navigation until the selected step's screenshot was drawn, in milliseconds
     * @param requests the number of requests before, without those for images
     * @param frameP95 the 95th percentile of the intervals of the browser's frames while scrubbing, in milliseconds
     * @param shownPercent the percentage of moves whose own step was shown within two frames
     * @param mebibytes the memory of the renderer's process after scrubbing
     * @param layoutShift the sum of all layout shifts that no input caused
     */
    record TaskVisit(
            double screenshot,
            double requests,
            double frameP95,
            double shownPercent,
            double mebibytes,
            double layoutShift) {}

    /**
     * What was measured on the list of tasks.
     *
     * @param complete the time from navigation until the list and its images were complete, in milliseconds
     * @param images the addresses of its images
     */
    record ListVisit(double complete, List<String> images, double layoutShift) {}

    ViewerPages(Chromium chromium, CloudServer cloud) {
        this.chromium = chromium;
        this.cloud = cloud;
    }

    private BrowserContext signedIn() {
        BrowserContext context = chromium.newContext();
        context.addInitScript("sessionStorage.setItem('session', JSON.stringify({ token: '"
                + cloud.get("STEPTRAIL_TOKEN") + "', user: 'demo', expiresAt: Date.now() + 3600000 }));");
        return context;
    }

    /** Opens a task at a step and returns the time until its screenshot was drawn, in milliseconds. */
    double screenshot(String task, int step) {
        try (BrowserContext context = signedIn()) {
            return open(context.newPage(), task, step);
        }
    }

    /** Opens a task at a step, and scrubs through all its steps. */
    TaskVisit scrub(String task, int step, int steps) throws IOException {
        try (BrowserContext context = signedIn()) {
            Page page = context.newPage();
            double screenshot = open(page, task, step);
            double requests =
                    measure(page, "bench.requestsBefore(" + screenshot + ")").doubleValue();
            measure(page, "bench.steps(" + steps + ")");
            page.waitForTimeout(REACTION_MS);
            Locator timeline = page.locator("st-timeline");
            BoundingBox box = timeline.boundingBox();
            page.mouse().move(box.x + 10, box.y + 5);
            page.mouse().down();
            JsonNode scrubbed = measure(page, "bench.scrub(" + MOVES + ")");
            page.mouse().up();
            double[] times = StreamSupport.stream(scrubbed.path("times").spliterator(), false)
                    .mapToDouble(JsonNode::doubleValue)
                    .sorted()
                    .toArray();
            return new TaskVisit(
                    screenshot,
                    requests,
                    times[times.length * 95 / 100],
                    100
                            * scrubbed.path("shown").doubleValue()
                            / scrubbed.path("changes").doubleValue(),
                    chromium.rendererMebibytes(),
                    measure(page, "bench.layoutShift").doubleValue());
        }
    }

    private double open(Page page, String task, int step) {
        page.navigate(cloud.get("STEPTRAIL_API") + "/tasks/" + task + "#step=" + step);
        return measure(page, "bench.screenshot(" + step + ")").doubleValue();
    }

    ListVisit list(int tasks) {
        try (BrowserContext context = signedIn()) {
            Page page = context.newPage();
            page.navigate(cloud.get("STEPTRAIL_API") + "/");
            JsonNode list = measure(page, "bench.listComplete(" + tasks + ")");
            List<String> images = new ArrayList<>();
            list.path("images").forEach(image -> images.add(image.asText()));
            return new ListVisit(
                    list.path("completeAt").doubleValue(),
                    images,
                    measure(page, "bench.layoutShift").doubleValue());
        }
    }

    /** Evaluates an expression that returns a value or a promise. */
    private static JsonNode measure(Page page, String expression) {
        Object json = page.evaluate("async () => JSON.stringify(await " + expression + ")");
        try {
            return JSON.readTree(String.valueOf(json));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(expression + " returned " + json, e);
        }
    }
}
