package dev.steptrail.api;

import dev.steptrail.api.json.Json;
import dev.steptrail.aws.BucketException;
import dev.steptrail.aws.BucketReader;
import dev.steptrail.aws.QueueSender;
import dev.steptrail.report.ExportFailure;
import dev.steptrail.report.ExportKey;
import dev.steptrail.report.Language;
import dev.steptrail.report.TasksExportKey;
import dev.steptrail.stepformat.Sha256;
import dev.steptrail.store.model.Task;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/**
 * Answers for what takes too long for an answer: where it is, where it was made of the tasks as they are now, else 202, and whoever makes
 * it is asked. To ask again and again is what callers do; it is made once. Who asks for what could not be made is told, for a while.
 */
final class Exports {
    /** Short tasks are made within it; who has to ask again does so more seldom from time to time, as our clients do. */
    private static final String SECONDS_UNTIL_LOOKING_AGAIN = "1";

    /** So many are made for an owner at once, whoever asks: of those that can be made at once, the others have the rest. */
    private static final int LINES_OF_AN_OWNER = 2;

    private final BucketReader bucket;
    private final QueueSender queue;
    private final ScreenshotUrls urls;
    private final InstantSource clock;

    Exports(BucketReader bucket, QueueSender queue, ScreenshotUrls urls, InstantSource clock) {
        this.bucket = bucket;
        this.queue = queue;
        this.urls = urls;
        this.clock = clock;
    }

    /**
     * The export, or that it is being made.
     *
     * @param redirects whether 302 or 200 tells where it is
     * @throws Problem if it could not be made, or the bucket or the queue cannot be asked now
     */
    Response answer(Task task, Language language, ExportKey.Format format, boolean redirects) {
        String key = ExportKey.of(task, language, format, clock.instant()).key();
        return answer(task.owner(), key, key, redirects, json -> Json.text(json, "task_id", task.taskId()));
    }

    /** Of many tasks; who waits is told by which state to ask again. The same problems. */
    Response answer(TasksExportKey export, boolean redirects) {
        return answer(
                export.caller(),
                export.key(),
                export.message(),
                redirects,
                json -> Json.text(json, "state", export.state()));
    }

    private Response answer(String owner, String key, String message, boolean redirects, Json.Value what) {
        try {
            if (bucket.has(key)) {
                return found(key, redirects);
            }
            Optional<ExportFailure> failure = failure(key);
            if (failure.isPresent()) {
                throw Problem.exportFailed(failure.get(), clock.instant());
            }
            String once = hash(message);
            queue.send(hash(owner) + "." + once.charAt(0) % LINES_OF_AN_OWNER, once, message);
        } catch (BucketException e) {
            throw Problem.exportUnavailable(String.valueOf(e.getMessage()));
        }
        return new Response(
                202,
                Map.of(
                        "content-type", "application/json",
                        "cache-control", "no-store",
                        "retry-after", SECONDS_UNTIL_LOOKING_AGAIN),
                Json.object(json -> {
                    what.write(json);
                    Json.text(json, "status", "in_progress");
                }));
    }

    /** To it; or where it is, for a script in a browser, which must not read what a redirect to another origin gives. */
    private Response found(String key, boolean redirects) {
        ScreenshotUrls.Moment moment = urls.now();
        String url = moment.url(key);
        if (redirects) {
            return Response.redirect(url);
        }
        return Response.unstoredJson(Json.object(json -> {
            Json.text(json, "url", url);
            Json.time(json, "expires_at", moment.expiresAt());
        }));
    }

    /** That it could not be made, as long as that holds. */
    private Optional<ExportFailure> failure(String key) throws BucketException {
        return bucket.read(ExportFailure.key(key), ExportFailure.MAX_BYTES)
                .flatMap(text -> ExportFailure.parse(new String(text, StandardCharsets.UTF_8)))
                .filter(failure -> failure.holds(clock.instant()));
    }

    private static String hash(String text) {
        return Sha256.hex(text.getBytes(StandardCharsets.UTF_8));
    }
}
