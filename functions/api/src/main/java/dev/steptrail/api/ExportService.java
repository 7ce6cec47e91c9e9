package dev.steptrail.api;

import dev.steptrail.api.Problem.Kind;
import dev.steptrail.aws.BucketException;
import dev.steptrail.aws.BucketReader;
import dev.steptrail.aws.QueueSender;
import dev.steptrail.report.ExportFailure;
import dev.steptrail.report.ExportKey;
import dev.steptrail.report.Language;
import dev.steptrail.report.TaskView;
import dev.steptrail.report.TasksExportRequest;
import dev.steptrail.stepformat.Sha256;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.usage.PriceRepository;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Responds to requests for exports. The export function creates them, which takes longer than a request may. If an
 * export of the current state exists, the response contains its URL. Otherwise the export is queued, once even if the
 * client polls, and the response is 202. A failed export is reported until the failure expires.
 */
record ExportService(
        BucketReader bucket, QueueSender queue, ScreenshotUrls urls, PriceRepository prices, InstantSource clock) {
    /** The number of an owner's FIFO message groups, each processed serially. Leaves concurrency for other owners. */
    private static final int CONCURRENCY_PER_OWNER = 2;

    private static final String IN_PROGRESS = "in_progress";

    private record TaskInProgress(UUID taskId, String status) {}

    private record TasksInProgress(String state, String status) {}

    private record ExportUrl(String url, Instant expiresAt) {}

    /**
     * Returns the URL of the export, or 202 if it does not exist yet.
     *
     * @param withModelCalls whether a report shows what models received and returned
     * @param redirects true for a 302 to the URL, false for a 200 that contains it
     * @throws Problem if the export failed, or the bucket or the queue is unavailable
     */
    Response respond(
            TaskView view, Language language, boolean withModelCalls, ExportKey.Format format, boolean redirects) {
        Task task = view.task();
        ExportKey export = ExportKey.of(
                task, prices.state(task.model()), language, view.contents(), withModelCalls, format, clock.instant());
        String key = export.key();
        return respond(view.owner(), key, key, redirects, new TaskInProgress(task.taskId(), IN_PROGRESS));
    }

    /** Same for an export of many tasks. The 202 contains the {@code state} to poll with. */
    Response respond(TasksExportRequest export, boolean redirects) {
        return respond(
                export.caller(),
                export.key(),
                export.message(),
                redirects,
                new TasksInProgress(export.state(), IN_PROGRESS));
    }

    private Response respond(String owner, String key, String message, boolean redirects, Object inProgress) {
        try {
            if (bucket.exists(key)) {
                return urlResponse(key, redirects);
            }
            Optional<ExportFailure> failure = findFailure(key);
            if (failure.isPresent()) {
                throw Problem.exportFailed(failure.get(), clock.instant());
            }
            String deduplicationId = hash(message);
            queue.send(hash(owner) + "." + deduplicationId.charAt(0) % CONCURRENCY_PER_OWNER, deduplicationId, message);
        } catch (BucketException e) {
            throw Problem.unavailable(Kind.EXPORT_UNAVAILABLE, String.valueOf(e.getMessage()));
        }
        return Response.accepted(Map.of(), inProgress);
    }

    /** Returns a redirect, or the URL for scripts in a browser, which cannot read a redirect to another origin. */
    private Response urlResponse(String key, boolean redirects) {
        ScreenshotUrls.ResponseSigner signer = urls.signer();
        String url = signer.url(key);
        if (redirects) {
            return Response.redirect(url);
        }
        return Response.noStoreJson(new ExportUrl(url, signer.expiresAt()));
    }

    /** Returns the failure of the last attempt, unless it has expired. */
    private Optional<ExportFailure> findFailure(String key) throws BucketException {
        return bucket.read(ExportFailure.key(key), ExportFailure.MAX_BYTES)
                .flatMap(text -> ExportFailure.parse(new String(text, StandardCharsets.UTF_8)))
                .filter(failure -> failure.isActive(clock.instant()));
    }

    private static String hash(String text) {
        return Sha256.hex(text.getBytes(StandardCharsets.UTF_8));
    }
}
