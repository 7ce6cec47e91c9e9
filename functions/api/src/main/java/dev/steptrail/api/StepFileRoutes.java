package dev.steptrail.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.steptrail.api.Problem.Kind;
import dev.steptrail.api.json.Json;
import dev.steptrail.api.json.ResponseBudget;
import dev.steptrail.aws.BucketException;
import dev.steptrail.aws.BucketReader;
import dev.steptrail.report.TaskView;
import dev.steptrail.stepformat.Attachment;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.model.StoredAttachment;
import dev.steptrail.store.model.StoredScreenshot;
import dev.steptrail.store.query.AttachmentRepository;
import dev.steptrail.store.query.ScreenshotRepository;
import dev.steptrail.store.query.ScreenshotRepository.StepScreenshots;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The routes that return screenshots and attachments of steps, or their URLs. A presigned URL contains the S3 key, and
 * therefore the sender's id. A reader who may not see these gets URLs of the API instead, which return the file itself.
 */
record StepFileRoutes(
        ScreenshotRepository screenshots, AttachmentRepository attachments, ScreenshotUrls urls, BucketReader bucket) {
    private static final CursorCodec<Integer> CURSORS = CursorCodec.forStepNumbers("screenshots.asc");
    private static final int STEPS_PER_PAGE = 50;
    static final Set<String> ATTACHMENT_PARAMETERS = Set.of("field", "redirect");

    /** The fields of a step that an attachment may contain. The first one is the default. */
    private static final List<String> STEP_FIELDS = List.of(
            "model_input",
            "model_output",
            "thinking",
            "action",
            "action_result",
            "error_message",
            "timings",
            "resources",
            Attachment.OTHER_FIELDS);

    /** The fields of a task that an attachment may contain. The first one is the default. */
    private static final List<String> TASK_FIELDS = List.of(
            "description",
            "name",
            "agent",
            "model",
            "device_id",
            "metadata",
            "attributes",
            "message",
            "extra_start_fields",
            "extra_end_fields");

    private static final String ATTACHMENT_TYPE = "application/gzip";

    private static final List<String> ROLES = List.of("before", "after", "other");

    private record ScreenshotResponse(
            String stepId,
            UUID taskId,
            int stepNumber,
            String url,
            @Nullable String thumbnailUrl,
            @Nullable Instant expiresAt,
            @JsonUnwrapped StoredScreenshot screenshot) {}

    private record ListedScreenshot(
            int stepNumber,
            String url,
            @Nullable String thumbnailUrl,
            @JsonUnwrapped StoredScreenshot screenshot) {}

    private record AttachmentResponse(
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String stepId, // null for an attachment of a task

            UUID taskId,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Integer stepNumber,

            String url,
            @Nullable Instant expiresAt,
            String field,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) String path, // empty if the reader may not see it
            String fileHash,
            long fileSize,
            long originalSize) {}

    /** The URLs of a screenshot. */
    private record Urls(String url, @Nullable String thumbnailUrl) {}

    /**
     * {@code GET /api/steps/{step_id}/screenshot}: redirects to the screenshot, or returns its URL. The response to a
     * reader who may not see S3 keys is the image itself instead of a redirect.
     *
     * <p>The query contains {@code role}; 404 if the step has no screenshot with this role. Default: the first
     * screenshot with role {@code before} or, if there is none, the first screenshot. {@code index} selects the
     * screenshot at this position. {@code thumbnail} selects its thumbnail, if there is one.
     */
    Response getScreenshot(Request request) {
        TaskView view = request.view();
        Query query = request.query();
        int stepNumber = request.stepNumber();
        UUID taskId = view.task().taskId();
        String role = query.optionalOneOf("role", ROLES);
        Integer index = query.screenshotIndex("index");
        boolean thumbnail = query.flag("thumbnail");
        boolean redirects = query.redirects();
        StoredScreenshot screenshot = choose(view.filter(screenshots.findByStep(taskId, stepNumber)), role, index);
        if (redirects && !view.includesDetails()) {
            return image(screenshot, thumbnail, request.ifNoneMatch());
        }
        ScreenshotUrls.ResponseSigner signer = urls.signer();
        Urls links = links(view, stepNumber, screenshot, signer);
        if (redirects) {
            return Response.redirect(thumbnail && links.thumbnailUrl() != null ? links.thumbnailUrl() : links.url());
        }
        return Response.noStoreJson(new ScreenshotResponse(
                taskId + "." + stepNumber,
                taskId,
                stepNumber,
                links.url(),
                links.thumbnailUrl(),
                expiresAt(view, signer),
                view.filter(screenshot)));
    }

    /** Returns presigned URLs, or relative URLs of the API if the reader may not see S3 keys. */
    private static Urls links(
            TaskView view, int stepNumber, StoredScreenshot screenshot, ScreenshotUrls.ResponseSigner signer) {
        if (view.includesDetails()) {
            return new Urls(signer.screenshotUrl(screenshot), signer.thumbnailUrl(screenshot));
        }
        String url = "/api/shared/steps/%s.%d/screenshot?index=%d"
                .formatted(view.task().taskId(), stepNumber, screenshot.screenshotIndex());
        return new Urls(url, screenshot.thumbnailPath() == null ? null : url + "&thumbnail=true");
    }

    /** Returns when presigned URLs expire; null for URLs of the API, which work as long as the share link. */
    private static @Nullable Instant expiresAt(TaskView view, ScreenshotUrls.ResponseSigner signer) {
        return view.includesDetails() ? signer.expiresAt() : null;
    }

    private Response image(StoredScreenshot screenshot, boolean thumbnail, @Nullable String ifNoneMatch) {
        String thumbnailKey = thumbnail ? screenshot.thumbnailPath() : null;
        String key = thumbnailKey == null ? screenshot.screenshotPath() : thumbnailKey;
        String version = screenshot.fileHash() + (thumbnailKey == null ? "" : "|thumbnail");
        return ETagFilter.apply(
                version,
                ifNoneMatch,
                () -> file(
                        ScreenshotUrls.contentType(screenshot.format()),
                        key,
                        () -> new Problem(Kind.NO_SCREENSHOT),
                        Kind.SCREENSHOT_TOO_LARGE,
                        Kind.SCREENSHOT_UNAVAILABLE));
    }

    /** Returns a file of the bucket, or throws the problem that it does not exist, is too large or cannot be read. */
    private Response file(String contentType, String key, Supplier<Problem> missing, Kind tooLarge, Kind unavailable) {
        byte[] content;
        try {
            content = bucket.read(key, ResponseBudget.MAX_BYTES + 1).orElseThrow(missing);
        } catch (BucketException e) {
            throw Problem.unavailable(unavailable, String.valueOf(e.getMessage()));
        }
        if (content.length > ResponseBudget.MAX_BYTES) {
            throw new Problem(tooLarge);
        }
        return new Response(200, Map.of("content-type", contentType, "x-content-type-options", "nosniff"), content);
    }

    private static StoredScreenshot choose(
            List<StoredScreenshot> ofStep, @Nullable String role, @Nullable Integer index) {
        String preferredRole = role == null ? ROLES.get(0) : role;
        List<StoredScreenshot> screenshots = ofStep.stream()
                .filter(screenshot -> index == null || screenshot.screenshotIndex() == index)
                .toList();
        return screenshots.stream()
                .filter(screenshot -> screenshot.role().equals(preferredRole))
                .findFirst()
                .or(() -> role == null ? screenshots.stream().findFirst() : Optional.empty())
                .orElseThrow(() -> new Problem(role == null ? Kind.NO_SCREENSHOT : Kind.NO_SCREENSHOT_OF_ROLE));
    }

    /** {@code GET /api/tasks/{task_id}/screenshots}: returns the screenshots of the next 50 steps with URLs. */
    Response listScreenshots(Request request) {
        TaskView view = request.view();
        Query query = request.query();
        Integer after = query.startKey(CURSORS);
        Integer minNumber = query.stepNumber("min_number");
        Integer startAfter = after == null && minNumber != null ? Integer.valueOf(minNumber - 1) : after;
        Page<StepScreenshots> page = screenshots.page(view.task().taskId(), startAfter, STEPS_PER_PAGE);
        ScreenshotUrls.ResponseSigner signer = urls.signer();
        boolean hasNoScreenshots = page.items().stream()
                .allMatch(step -> view.filter(step.screenshots()).isEmpty());
        return Response.noStoreJson(Json.writeList(
                "screenshots",
                page,
                step -> view.filter(step.screenshots()).stream()
                        .map(screenshot -> {
                            Urls links = links(view, step.stepNumber(), screenshot, signer);
                            return new ListedScreenshot(
                                    step.stepNumber(), links.url(), links.thumbnailUrl(), view.filter(screenshot));
                        })
                        .toList(),
                step -> CURSORS.encode(step.stepNumber()),
                Collections.singletonMap("expires_at", hasNoScreenshots ? null : expiresAt(view, signer)),
                null));
    }

    /**
     * {@code GET /api/steps/{step_id}/attachment}: redirects to an attachment of a step, or returns its URL.
     * {@code field} selects it; the default is {@code model_input}. The response to a reader who may not see S3 keys is
     * the attachment itself instead of a redirect.
     */
    Response getStepAttachment(Request request) {
        TaskView view = request.view();
        int stepNumber = request.stepNumber();
        String field = request.query().oneOf("field", STEP_FIELDS);
        List<StoredAttachment> ofStep =
                attachments.findByStep(view.task().taskId(), stepNumber, view.includesSensitive());
        return getAttachment(request, ofStep, field, stepNumber);
    }

    /**
     * {@code GET /api/tasks/{task_id}/attachment}: the same for the start and the end of a task. The default of
     * {@code field} is {@code description}. Readers who may not see S3 keys may not see these attachments either.
     */
    Response getTaskAttachment(Request request) {
        String field = request.query().oneOf("field", TASK_FIELDS);
        return getAttachment(request, StoredAttachment.of(request.view().task()), field, null);
    }

    private Response getAttachment(
            Request request, List<StoredAttachment> candidates, String field, @Nullable Integer stepNumber) {
        TaskView view = request.view();
        UUID taskId = view.task().taskId();
        boolean redirects = request.query().redirects();
        String stepId = stepNumber == null ? null : taskId + "." + stepNumber;
        String owner = stepId == null ? taskId.toString() : stepId;
        Supplier<Problem> missing = () -> Problem.missing(Kind.NO_ATTACHMENT, owner);
        StoredAttachment attachment = view.filter(candidates, field).orElseThrow(missing);
        if (redirects && !view.includesDetails()) {
            return ETagFilter.apply(
                    attachment.fileHash(),
                    request.ifNoneMatch(),
                    () -> file(
                            ATTACHMENT_TYPE,
                            attachment.path(),
                            missing,
                            Kind.ATTACHMENT_TOO_LARGE,
                            Kind.ATTACHMENT_UNAVAILABLE));
        }
        ScreenshotUrls.ResponseSigner signer = urls.signer();
        String url = view.includesDetails()
                ? signer.signer().sign(attachment.path(), ATTACHMENT_TYPE)
                : "/api/shared/steps/%s/attachment?field=%s".formatted(stepId, field);
        if (redirects) {
            return Response.redirect(url);
        }
        return Response.noStoreJson(new AttachmentResponse(
                stepId,
                taskId,
                stepNumber,
                url,
                view.includesDetails() ? signer.expiresAt() : null,
                field,
                view.includesDetails() ? attachment.path() : "",
                attachment.fileHash(),
                attachment.fileSize(),
                attachment.originalSize()));
    }
}
