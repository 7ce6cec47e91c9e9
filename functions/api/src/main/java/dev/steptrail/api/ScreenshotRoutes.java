package dev.steptrail.api;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.steptrail.api.Problem.Kind;
import dev.steptrail.api.json.JsonList;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.model.StoredScreenshot;
import dev.steptrail.store.query.ScreenshotRepository;
import dev.steptrail.store.query.ScreenshotRepository.StepScreenshots;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The routes that return the URLs of screenshots. */
record ScreenshotRoutes(ScreenshotRepository screenshots, ScreenshotUrls urls) {
    private static final Cursors<Integer> CURSORS = Cursors.ofSteps("screenshots.asc");
    private static final int STEPS = 50;
    private static final List<String> ROLES = List.of("before", "after", "other");

    private record ScreenshotOfStep(
            String stepId,
            UUID taskId,
            int stepNumber,
            String url,
            @Nullable String thumbnailUrl,
            Instant expiresAt,
            @JsonUnwrapped StoredScreenshot screenshot) {}

    private record ScreenshotOfTask(
            int stepNumber,
            String url,
            @Nullable String thumbnailUrl,
            @JsonUnwrapped StoredScreenshot screenshot) {}

    /**
     * {@code GET /api/steps/{step_id}/screenshot}: redirects to the screenshot, or returns its URL.
     *
     * @param query {@code role}: 404 if the step has no screenshot of this role. Default: the first with role {@code
     *     before} or, if there is none, the first of all.
     */
    Response get(View view, int stepNumber, Query query) {
        UUID taskId = view.task().taskId();
        String role = query.optionalOneOf("role", ROLES);
        boolean redirects = query.redirects();
        StoredScreenshot screenshot = choose(view.of(screenshots.findByStep(taskId, stepNumber)), role);
        ScreenshotUrls.ResponseSigner signer = urls.signer();
        String url = signer.screenshotUrl(screenshot);
        if (redirects) {
            return Response.redirect(url);
        }
        return Response.noStoreJson(new ScreenshotOfStep(
                taskId + "." + stepNumber,
                taskId,
                stepNumber,
                url,
                signer.thumbnailUrl(screenshot),
                signer.expiresAt(),
                screenshot));
    }

    private static StoredScreenshot choose(List<StoredScreenshot> screenshots, @Nullable String role) {
        String wanted = role == null ? ROLES.get(0) : role;
        return screenshots.stream()
                .filter(screenshot -> screenshot.role().equals(wanted))
                .findFirst()
                .or(() -> role == null ? screenshots.stream().findFirst() : Optional.empty())
                .orElseThrow(() -> new Problem(role == null ? Kind.NO_SCREENSHOT : Kind.NO_SCREENSHOT_OF_ROLE));
    }

    /** {@code GET /api/tasks/{task_id}/screenshots}: returns the screenshots of the next 50 steps with URLs. */
    Response list(View view, Query query) {
        Integer after = query.after(CURSORS);
        Integer minNumber = query.stepNumber("min_number");
        Integer from = after == null && minNumber != null ? Integer.valueOf(minNumber - 1) : after;
        Page<StepScreenshots> page = screenshots.page(view.task().taskId(), from, STEPS);
        ScreenshotUrls.ResponseSigner signer = urls.signer();
        boolean none = page.items().stream()
                .allMatch(step -> view.of(step.screenshots()).isEmpty());
        return Response.noStoreJson(JsonList.of(
                "screenshots",
                page,
                step -> view.of(step.screenshots()).stream()
                        .map(screenshot -> new ScreenshotOfTask(
                                step.stepNumber(),
                                signer.screenshotUrl(screenshot),
                                signer.thumbnailUrl(screenshot),
                                screenshot))
                        .toList(),
                step -> CURSORS.after(step.stepNumber()),
                Collections.singletonMap("expires_at", none ? null : signer.expiresAt()),
                null));
    }
}
