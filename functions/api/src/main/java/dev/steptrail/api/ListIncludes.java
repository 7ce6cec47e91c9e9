package dev.steptrail.api;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.steptrail.api.json.TaskJson;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.query.ScreenshotRepository;
import dev.steptrail.store.query.ScreenshotRepository.LastScreenshot;
import dev.steptrail.store.query.StepRepository;
import dev.steptrail.store.query.StepRepository.LastError;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@code GET /api/tasks} adds to each task on request: with {@code include=thumbnail} the task's last
 * screenshot, with {@code include=error} its newest failed step. One query each per page of tasks.
 */
record ListIncludes(ScreenshotRepository screenshots, StepRepository steps, ScreenshotUrls urls, ReadAuditor auditor) {
    static final String PARAMETER = "include";
    static final String THUMBNAIL = "thumbnail";
    private static final String ERROR = "error";
    static final List<String> WORDS = List.of(THUMBNAIL, ERROR);

    /** A task in the list. */
    record ListedTask(
            @JsonUnwrapped TaskJson task, @JsonAnyGetter Map<String, @Nullable Object> included) {}

    /**
     * The last screenshot of a task.
     *
     * @param url the URL of its thumbnail or, if there is none, of the screenshot; null if the screenshot is sensitive
     */
    private record Thumbnail(
            @Nullable String url,
            int stepNumber,
            int screenshotIndex,
            String role,
            boolean sensitive,
            @Nullable Instant expiresAt) {}

    private record FailedStep(int stepNumber, @Nullable String error) {}

    /** Returns the requested fields by task, and records that the reader got the thumbnails. */
    Map<UUID, Map<String, @Nullable Object>> read(String reader, List<Task> tasks, Set<String> words) {
        Map<UUID, Map<String, @Nullable Object>> fields = new LinkedHashMap<>();
        tasks.forEach(task -> fields.put(task.taskId(), new LinkedHashMap<>()));
        if (words.contains(THUMBNAIL) && !tasks.isEmpty()) {
            addThumbnails(reader, tasks, fields);
        }
        if (words.contains(ERROR)) {
            addErrors(tasks, fields);
        }
        return fields;
    }

    private void addThumbnails(String reader, List<Task> tasks, Map<UUID, Map<String, @Nullable Object>> fields) {
        Map<UUID, LastScreenshot> last = screenshots.lastOfTasks(fields.keySet());
        ScreenshotUrls.ResponseSigner signer = urls.signer();
        fields.forEach(
                (id, task) -> task.put(THUMBNAIL, last.containsKey(id) ? thumbnail(last.get(id), signer) : null));
        auditor.record(
                reader,
                "read_thumbnail",
                tasks.stream()
                        .filter(task -> last.containsKey(task.taskId())
                                && !last.get(task.taskId()).sensitive())
                        .collect(Collectors.toMap(Task::taskId, Task::owner)));
    }

    private static Thumbnail thumbnail(LastScreenshot last, ScreenshotUrls.ResponseSigner signer) {
        return new Thumbnail(
                last.sensitive() ? null : signer.screenshotUrl(last.thumbnailKey(), last.format()),
                last.stepNumber(),
                last.screenshotIndex(),
                last.role(),
                last.sensitive(),
                last.sensitive() ? null : signer.expiresAt());
    }

    private void addErrors(List<Task> tasks, Map<UUID, Map<String, @Nullable Object>> fields) {
        List<UUID> failed = tasks.stream()
                .filter(task -> task.failedSteps() > 0)
                .map(Task::taskId)
                .toList();
        Map<UUID, LastError> errors = failed.isEmpty() ? Map.of() : steps.lastErrors(failed);
        fields.forEach((id, task) -> {
            LastError error = errors.get(id);
            task.put("last_error", error == null ? null : new FailedStep(error.stepNumber(), error.error()));
        });
    }
}
