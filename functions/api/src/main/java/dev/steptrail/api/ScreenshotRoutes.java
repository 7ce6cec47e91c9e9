package dev.steptrail.api;

import dev.steptrail.api.json.Json;
import dev.steptrail.api.json.JsonList;
import dev.steptrail.api.json.ScreenshotJson;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.model.StoredScreenshot;
import dev.steptrail.store.query.ScreenshotRepository;
import dev.steptrail.store.query.ScreenshotRepository.OfStep;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The routes that return the URLs of screenshots. */
record ScreenshotRoutes(ScreenshotRepository screenshots, ScreenshotUrls urls) {
    private static final Cursors<Integer> CURSORS = Cursors.ofSteps("screenshots.asc");
    private static final int STEPS = 50;
    private static final List<String> ROLES = List.of("before", "after", "other");

    /**
     * {@code GET /api/steps/{step_id}/screenshot}: 302 to the screenshot or, with {@code redirect=false}, its URL and fields.
     *
     * @param query {@code role}: 404 if the step has no screenshot of this role. Default: the first from before the action or, if there is
     *     none, the first of all.
     */
    Response get(View view, int stepNumber, Query query) {
        UUID taskId = view.task().taskId();
        String role = query.optionalOneOf("role", ROLES);
        boolean redirects = query.redirects();
        StoredScreenshot screenshot = choose(view.of(screenshots.ofStep(taskId, stepNumber)), role);
        ScreenshotUrls.Moment moment = urls.now();
        String url = moment.picture(screenshot);
        if (redirects) {
            return Response.redirect(url);
        }
        return Response.unstoredJson(Json.object(json -> {
            Json.text(json, "step_id", taskId + "." + stepNumber);
            Json.text(json, "task_id", taskId);
            Json.number(json, "step_number", stepNumber);
            Json.text(json, "url", url);
            Json.text(json, "thumbnail_url", moment.thumbnail(screenshot));
            Json.time(json, "expires_at", moment.expiresAt());
            ScreenshotJson.fields(json, screenshot);
        }));
    }

    private static StoredScreenshot choose(List<StoredScreenshot> screenshots, @Nullable String role) {
        String wanted = role == null ? ROLES.get(0) : role;
        return screenshots.stream()
                .filter(screenshot -> screenshot.role().equals(wanted))
                .findFirst()
                .or(() -> role == null ? screenshots.stream().findFirst() : Optional.empty())
                .orElseThrow(() -> Problem.noScreenshot(
                        role == null
                                ? "There is no such step in this task, or it has no screenshot."
                                : "There is no such step in this task, or it has no screenshot of this role."));
    }

    /** {@code GET /api/tasks/{task_id}/screenshots}: returns all screenshots of the next 50 steps with their URLs, for playback. */
    Response list(View view, Query query) {
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
