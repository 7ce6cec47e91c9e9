package dev.steptrail.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Screenshot;
import dev.steptrail.stepformat.Step;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Records as the rows that keep them. Frames are names of files on the recorder's disk and mean nothing here. */
final class Rows {
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private Rows() {}

    static StoredStep of(Step step) {
        List<StoredScreenshot> screenshots = new ArrayList<>(step.screenshots().size());
        for (Screenshot screenshot : step.screenshots()) {
            screenshots.add(of(screenshots.size(), screenshot));
        }
        return new StoredStep(
                step.taskId(),
                step.stepNumber(),
                step.stepType(),
                json(data(step)),
                step.thinking(),
                step.actionResult() == null ? null : json(step.actionResult()),
                whatItSaw(step.screenshots()),
                step.duration() == null ? null : step.duration().toMillis(),
                step.success(),
                step.errorMessage(),
                step.timestamp(),
                screenshots);
    }

    static @Nullable String jsonOrNull(Map<String, ?> object) {
        return object.isEmpty() ? null : json(object);
    }

    static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("what was parsed can be written", e);
        }
    }

    private static Map<String, Object> data(Step step) {
        Map<String, Object> data = new LinkedHashMap<>();
        if (step.action() != null) {
            data.put("action", step.action());
        }
        if (!step.timings().isEmpty()) {
            data.put("timings", step.timings());
        }
        if (!step.resources().isEmpty()) {
            data.put("resources", step.resources());
        }
        data.putAll(step.unknown());
        return data;
    }

    private static @Nullable String whatItSaw(List<Screenshot> screenshots) {
        return screenshots.stream()
                .filter(screenshot -> screenshot.role() == FrameRole.BEFORE)
                .findFirst()
                .or(() -> screenshots.stream().findFirst())
                .map(Screenshot::screenshotPath)
                .orElse(null);
    }

    private static StoredScreenshot of(int ordinal, Screenshot screenshot) {
        return new StoredScreenshot(
                ordinal,
                screenshot.role().wireName(),
                screenshot.screenshotPath(),
                screenshot.fileHash(),
                screenshot.fileSize(),
                screenshot.originalSize(),
                screenshot.width(),
                screenshot.height(),
                screenshot.format(),
                screenshot.compressed(),
                screenshot.sensitive(),
                json(screenshot.redactedRegions()),
                screenshot.perceptualHash(),
                screenshot.thumbnailPath(),
                screenshot.capturedAt(),
                jsonOrNull(screenshot.unknown()));
    }
}
