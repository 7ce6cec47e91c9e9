package dev.steptrail.api;

import dev.steptrail.bucket.BucketException;
import dev.steptrail.bucket.BucketReader;
import dev.steptrail.bucket.QueueSender;
import dev.steptrail.report.ExportKey;
import dev.steptrail.report.Language;
import dev.steptrail.stepformat.Sha256;
import dev.steptrail.store.Task;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Answers for what takes too long for an answer: 302 to it where it was made of the task as it is now, else 202, and whoever makes
 * it is asked. To ask again and again is what callers do; it is made once.
 */
final class Exports {
    private static final String SECONDS_UNTIL_LOOKING_AGAIN = "3";

    /** So many are made for an owner at once, whoever asks: of those that can be made at once, the others have the rest. */
    private static final int LINES_OF_AN_OWNER = 2;

    private final BucketReader bucket;
    private final QueueSender queue;
    private final ScreenshotUrls urls;

    Exports(BucketReader bucket, QueueSender queue, ScreenshotUrls urls) {
        this.bucket = bucket;
        this.queue = queue;
        this.urls = urls;
    }

    /** @throws Problem if the bucket or the queue cannot be asked now */
    Response answer(Task task, Language language, ExportKey.Format format) {
        String key = ExportKey.of(task, language, format).key();
        try {
            if (bucket.has(key)) {
                return Response.redirect(urls.of(key).url());
            }
            String once = hash(key);
            queue.send(hash(task.owner()) + "." + once.charAt(0) % LINES_OF_AN_OWNER, once, key);
        } catch (BucketException e) {
            throw Problem.exportUnavailable();
        }
        return new Response(
                202,
                Map.of(
                        "content-type", "application/json",
                        "cache-control", "no-store",
                        "retry-after", SECONDS_UNTIL_LOOKING_AGAIN),
                Json.text(json -> {
                    json.writeStartObject();
                    Json.text(json, "task_id", task.taskId());
                    Json.text(json, "status", "in_progress");
                    json.writeEndObject();
                }));
    }

    private static String hash(String text) {
        return Sha256.hex(text.getBytes(StandardCharsets.UTF_8));
    }
}
