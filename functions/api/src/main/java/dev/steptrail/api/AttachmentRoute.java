package dev.steptrail.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.steptrail.api.Problem.Kind;
import dev.steptrail.api.json.ResponseBudget;
import dev.steptrail.aws.BucketException;
import dev.steptrail.aws.BucketReader;
import dev.steptrail.report.TaskView;
import dev.steptrail.stepformat.Attachment;
import dev.steptrail.store.model.StoredAttachment;
import dev.steptrail.store.query.AttachmentRepository;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /api/steps/{step_id}/attachment}: redirects to an attachment of a step, or returns its URL. {@code field}
 * selects it; the default is {@code model_input}. As for screenshots, a reader who may not see S3 keys
 * gets the attachment itself instead of a redirect, and a URL of the API instead of a presigned one.
 */
record AttachmentRoute(AttachmentRepository attachments, ScreenshotUrls urls, BucketReader bucket) {
    static final Set<String> PARAMETERS = Set.of("field", "redirect");

    /** The first one is the default. */
    private static final List<String> FIELDS = List.of(
            "model_input",
            "model_output",
            "thinking",
            "action",
            "action_result",
            "error_message",
            "timings",
            "resources",
            Attachment.OTHER_FIELDS);

    private static final String CONTENT_TYPE = "application/gzip";

    private record AttachmentResponse(
            String stepId,
            UUID taskId,
            int stepNumber,
            String url,
            @Nullable Instant expiresAt,
            String field,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) String path, // empty if the reader may not see it
            String fileHash,
            long fileSize,
            long originalSize) {}

    Response handle(TaskView view, int stepNumber, Query query, @Nullable String ifNoneMatch) {
        UUID taskId = view.task().taskId();
        String field = query.oneOf("field", FIELDS);
        boolean redirects = query.redirects();
        StoredAttachment attachment = view.filter(
                        attachments.findByStep(taskId, stepNumber, view.includesSensitive()), field)
                .orElseThrow(() -> new Problem(Kind.NO_ATTACHMENT));
        if (redirects && !view.includesDetails()) {
            Map<String, String> headers = Map.of("content-type", CONTENT_TYPE, "x-content-type-options", "nosniff");
            return ETagFilter.apply(
                    attachment.fileHash(), ifNoneMatch, () -> new Response(200, headers, read(attachment.path())));
        }
        ScreenshotUrls.ResponseSigner signer = urls.signer();
        String url = view.includesDetails()
                ? signer.signer().sign(attachment.path(), CONTENT_TYPE)
                : "/api/shared/steps/%s.%d/attachment?field=%s".formatted(taskId, stepNumber, field);
        if (redirects) {
            return Response.redirect(url);
        }
        return Response.noStoreJson(new AttachmentResponse(
                taskId + "." + stepNumber,
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

    private byte[] read(String key) {
        byte[] content;
        try {
            content = bucket.read(key, ResponseBudget.MAX_BYTES + 1).orElseThrow(() -> new Problem(Kind.NO_ATTACHMENT));
        } catch (BucketException e) {
            throw Problem.attachmentUnavailable(String.valueOf(e.getMessage()));
        }
        if (content.length > ResponseBudget.MAX_BYTES) {
            throw new Problem(Kind.ATTACHMENT_TOO_LARGE);
        }
        return content;
    }
}
