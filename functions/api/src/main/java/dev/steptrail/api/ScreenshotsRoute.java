package dev.steptrail.api;

import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.model.StoredScreenshot;
import dev.steptrail.store.query.ScreenshotRepository;
import dev.steptrail.store.query.ScreenshotRepository.OfStep;

/** {@code GET /api/tasks/{task_id}/screenshots}: all pictures of the next 50 steps with their URLs, for playback. */
record ScreenshotsRoute(ScreenshotRepository screenshots, ScreenshotUrls urls) implements Route.TaskHandler {
    private static final Cursors<Integer> CURSORS = Cursors.ofSteps("screenshots.asc");
    private static final int STEPS = 50;

    @Override
    public Response answer(View view, Query query) {
        Integer after = query.after(CURSORS);
        Integer least = query.stepNumber("min_number");
        Integer from = after == null && least != null ? Integer.valueOf(least - 1) : after;
        Page<OfStep> page = screenshots.page(view.task().taskId(), from, STEPS);
        ScreenshotUrls.Moment moment = urls.now();
        boolean none = page.items().stream()
                .allMatch(step -> view.of(step.screenshots()).isEmpty());
        return Response.unstoredJson(() -> JsonList.of(
                "screenshots",
                page,
                step -> view.of(step.screenshots()).stream()
                        .map(screenshot -> element(step.stepNumber(), screenshot, moment))
                        .toList(),
                step -> CURSORS.after(step.stepNumber()),
                json -> Json.time(json, "expires_at", none ? null : moment.expiresAt())));
    }

    private static Json.Value element(int stepNumber, StoredScreenshot screenshot, ScreenshotUrls.Moment moment) {
        return json -> {
            json.writeStartObject();
            Json.number(json, "step_number", stepNumber);
            Json.text(json, "url", moment.picture(screenshot));
            Json.text(json, "thumbnail_url", moment.thumbnail(screenshot));
            ScreenshotJson.fields(json, screenshot);
            json.writeEndObject();
        };
    }
}
