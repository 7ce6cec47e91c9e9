package dev.steptrail.api;

import dev.steptrail.store.ListScreenshots;
import dev.steptrail.store.ListScreenshots.OfStep;
import dev.steptrail.store.Page;
import dev.steptrail.store.StoredScreenshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** {@code GET /api/tasks/{task_id}/screenshots}: all pictures of the next 500 steps with their URLs, for playback. */
record ScreenshotsRoute(ListScreenshots screenshots, ScreenshotUrls urls) implements Route.TaskHandler {
    private static final Cursors<Integer> CURSORS = Cursors.ofSteps("screenshots.asc");
    private static final int STEPS = 500;

    @Override
    public Response answer(View view, Query query) {
        Page<OfStep> page = screenshots.page(view.task().taskId(), query.after(CURSORS), STEPS);
        List<Instant> expiries = new ArrayList<>();
        return Response.unstoredJson(JsonList.of(
                "screenshots",
                page,
                step -> view.of(step.screenshots()).stream()
                        .map(screenshot -> element(step.stepNumber(), screenshot, expiries))
                        .toList(),
                step -> CURSORS.after(step.stepNumber()),
                json -> Json.time(
                        json,
                        "expires_at",
                        expiries.stream().min(Instant::compareTo).orElse(null))));
    }

    private Json.Value element(int stepNumber, StoredScreenshot screenshot, List<Instant> expiries) {
        SignedUrl signed = urls.of(screenshot.screenshotPath());
        expiries.add(signed.expiresAt());
        return json -> {
            json.writeStartObject();
            Json.number(json, "step_number", stepNumber);
            Json.text(json, "url", signed.url());
            Json.text(json, "thumbnail_url", urls.ofThumbnail(screenshot));
            ScreenshotJson.fields(json, screenshot);
            json.writeEndObject();
        };
    }
}
