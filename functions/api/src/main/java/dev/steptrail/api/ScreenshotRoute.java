package dev.steptrail.api;

import dev.steptrail.store.model.StoredScreenshot;
import dev.steptrail.store.query.ScreenshotRepository;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /api/steps/{step_id}/screenshot}: 302 to the picture, or with {@code redirect=false} its URL and fields.
 *
 * <p>{@code role} says which; a step that has none of that role answers 404. Without it, the first picture from before the
 * action, or where there is none the first of all.
 */
record ScreenshotRoute(ScreenshotRepository screenshots, ScreenshotUrls urls) implements Route.StepHandler {
    private static final List<String> ROLES = List.of("before", "after", "other");

    @Override
    public Response answer(View view, int stepNumber, Query query) {
        UUID taskId = view.task().taskId();
        String role = query.optionalOneOf("role", ROLES);
        boolean redirects = query.redirects();
        StoredScreenshot screenshot = choose(view.of(screenshots.ofStep(taskId, stepNumber)), role);
        ScreenshotUrls.Moment moment = urls.now();
        String url = moment.picture(screenshot);
        if (redirects) {
            return Response.redirect(url);
        }
        return Response.unstoredJson(Json.of(json -> {
            json.writeStartObject();
            Json.text(json, "step_id", taskId + "." + stepNumber);
            Json.text(json, "task_id", taskId);
            Json.number(json, "step_number", stepNumber);
            Json.text(json, "url", url);
            Json.text(json, "thumbnail_url", moment.thumbnail(screenshot));
            Json.time(json, "expires_at", moment.expiresAt());
            ScreenshotJson.fields(json, screenshot);
            json.writeEndObject();
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
}
