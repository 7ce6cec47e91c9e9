package dev.steptrail.api;

import dev.steptrail.bucket.BucketException;
import dev.steptrail.bucket.BucketReader;
import dev.steptrail.bucket.QueueSender;
import dev.steptrail.report.ExportKey;
import dev.steptrail.report.Language;
import dev.steptrail.report.TasksExportKey;
import dev.steptrail.stepformat.Sha256;
import dev.steptrail.store.Task;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Answers for what takes too long for an answer: 302 to it where it was made of the tasks as they are now, else 202, and whoever makes
 * it is asked. To ask again and again is what callers do; it is made once.
 */
final class Exports {
    private static final String SECONDS_UNTIL_LOOKING_AGAIN = "3";

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
        return answer(key, key, json -> Json.text(json, "task_id", task.taskId()));
    }

    /** Of many tasks; who waits is told by which state to ask again. The same problems. */
    Response answer(TasksExportKey export) {
        return answer(export.key(), export.message(), json -> Json.text(json, "state", export.state()));
    }

    private Response answer(String key, String message, Json.Value what) {
        try {
            if (bucket.has(key)) {
                return Response.redirect(urls.of(key).url());
            }
            queue.send(Sha256.hex(message.getBytes(StandardCharsets.UTF_8)), message);
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
                    what.write(json);
                    Json.text(json, "status", "in_progress");
                    json.writeEndObject();
                }));
    }
}
