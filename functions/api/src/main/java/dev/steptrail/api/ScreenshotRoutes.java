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
    private static final CursorCodec<Integer> CURSORS = CursorCodec.forStepNumbers("screenshots.asc");
    private static final int STEPS_PER_PAGE = 50;
    private static final List<String> ROLES = List.of("before", "after", "other");

    private record ScreenshotResponse(
            String stepId,
            UUID taskId,
            int stepNumber,
            String url,
            @Nullable String thumbnailUrl,
            Instant expiresAt,
            @JsonUnwrapped StoredScreenshot screenshot) {}

    private record ListedScreenshot(
            int stepNumber,
            String url,
            @Nullable String thumbnailUrl,
            @JsonUnwrapped StoredScreenshot screenshot) {}

    /**
     * {@code GET /api/steps/{step_id}/screenshot}: redirects to the screenshot, or returns its URL.
     *
     * @param query contains {@code role}; 404 if the step has no screenshot with this role. Default: the first
     *     screenshot with role {@code before} or, if there is none, the first screenshot.
     */
    Response get(TaskView view, int stepNumber, Query query) {
        UUID taskId = view.task().taskId();
        String role = query.optionalOneOf("role", ROLES);
        boolean redirects = query.redirects();
        StoredScreenshot screenshot = choose(view.filter(screenshots.findByStep(taskId, stepNumber)), role);
        ScreenshotUrls.ResponseSigner signer = urls.signer();
        String url = signer.screenshotUrl(screenshot);
        if (redirects) {
            return Response.redirect(url);
        }
        return Response.noStoreJson(new ScreenshotResponse(
                taskId + "." + stepNumber,
                taskId,
                stepNumber,
                url,
                signer.thumbnailUrl(screenshot),
                signer.expiresAt(),
                view.filter(screenshot)));
    }

    private static StoredScreenshot choose(List<StoredScreenshot> screenshots, @Nullable String role) {
        String preferredRole = role == null ? ROLES.get(0) : role;
        return screenshots.stream()
                .filter(screenshot -> screenshot.role().equals(preferredRole))
                .findFirst()
                .or(() -> role == null ? screenshots.stream().findFirst() : Optional.empty())
                .orElseThrow(() -> new Problem(role == null ? Kind.NO_SCREENSHOT : Kind.NO_SCREENSHOT_OF_ROLE));
    }

    /** {@code GET /api/tasks/{task_id}/screenshots}: returns the screenshots of the next 50 steps with URLs. */
    Response list(TaskView view, Query query) {
        Integer after = query.startKey(CURSORS);
        Integer minNumber = query.stepNumber("min_number");
        Integer startAfter = after == null && minNumber != null ? Integer.valueOf(minNumber - 1) : after;
        Page<StepScreenshots> page = screenshots.page(view.task().taskId(), startAfter, STEPS_PER_PAGE);
        ScreenshotUrls.ResponseSigner signer = urls.signer();
        boolean hasNoScreenshots = page.items().stream()
                .allMatch(step -> view.filter(step.screenshots()).isEmpty());
        return Response.noStoreJson(JsonList.write(
                "screenshots",
                page,
                step -> view.filter(step.screenshots()).stream()
                        .map(screenshot -> new ListedScreenshot(
                                step.stepNumber(),
                                signer.screenshotUrl(screenshot),
                                signer.thumbnailUrl(screenshot),
                                view.filter(screenshot)))
                        .toList(),
                step -> CURSORS.encode(step.stepNumber()),
                Collections.singletonMap("expires_at", hasNoScreenshots ? null : signer.expiresAt()),
                null));
    }
}
