package dev.steptrail.store.model;

import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Payload;
import dev.steptrail.stepformat.Screenshot;
import dev.steptrail.stepformat.Step;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Records as the rows that keep them. Frames are names of files on the recorder's disk and mean nothing here. */
public final class Rows {
    private Rows() {}

    /** The row of a step that a message carried. */
    public static StoredStep of(Step step) {
        return of(step, null);
    }

    /** The row of a step, with a mark of where the whole lies if it is cut and does. */
    public static StoredStep of(Step step, @Nullable Payload payload) {
        Truncation truncation = new Truncation(payload);
        String thinking = truncation.text("thinking", step.thinking());
        String errorMessage = truncation.text("error_message", step.errorMessage());
        String actionResult =
                step.actionResult() == null ? null : truncation.json("action_result", step.actionResult());
        List<Screenshot> seen = kept(step.screenshots(), truncation);
        List<StoredScreenshot> screenshots = screenshots(seen, truncation);
        return new StoredStep(
                step.taskId(),
                step.stepNumber(),
                step.stepType(),
                data(step, truncation),
                thinking,
                actionResult,
                whatItSaw(seen),
                step.duration() == null ? null : step.duration().toMillis(),
                step.success(),
                errorMessage,
                step.timestamp(),
                screenshots);
    }

    public static @Nullable String jsonOrNull(Map<String, ?> object) {
        return object.isEmpty() ? null : JsonText.of(object);
    }

    /** All that has no column of its own, and what was cut of the row. */
    private static String data(Step step, Truncation truncation) {
        Map<String, Object> data = new LinkedHashMap<>();
        if (step.action() != null) {
            data.put("action", step.action());
        }
        addOthers(step, data);
        String json = JsonText.of(truncation.marked(data));
        // What is short as a whole, as nearly all is, need not be measured in parts.
        return Truncation.isShort(json) ? json : truncatedData(step, truncation);
    }

    private static String truncatedData(Step step, Truncation truncation) {
        Map<String, Object> others = new LinkedHashMap<>();
        addOthers(step, others);
        Map<String, Object> data = new LinkedHashMap<>();
        if (step.action() != null && truncation.json("action", step.action()) != null) {
            data.put("action", step.action());
        }
        if (truncation.json("other_fields", others) != null) {
            data.putAll(others);
        }
        return JsonText.of(truncation.marked(data));
    }

    private static void addOthers(Step step, Map<String, Object> data) {
        if (!step.timings().isEmpty()) {
            data.put("timings", step.timings());
        }
        if (!step.resources().isEmpty()) {
            data.put("resources", step.resources());
        }
        data.putAll(step.unknown());
    }

    /** A reader gets all of a step's pictures at once, so what is over the limit is left out. */
    private static List<Screenshot> kept(List<Screenshot> screenshots, Truncation truncation) {
        if (screenshots.size() <= Step.MAX_SCREENSHOTS) {
            return screenshots;
        }
        truncation.list("screenshot_count", screenshots);
        return screenshots.subList(0, Step.MAX_SCREENSHOTS);
    }

    private static List<StoredScreenshot> screenshots(List<Screenshot> screenshots, Truncation truncation) {
        boolean whole = arePlain(screenshots) || truncation.json("screenshots", ofAll(screenshots)) != null;
        List<StoredScreenshot> rows = new ArrayList<>(screenshots.size());
        for (Screenshot screenshot : screenshots) {
            rows.add(of(rows.size(), screenshot, whole, truncation));
        }
        return rows;
    }

    private static boolean arePlain(List<Screenshot> screenshots) {
        for (Screenshot screenshot : screenshots) {
            if (!screenshot.redactedRegions().isEmpty() || !screenshot.unknown().isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /** What their sender may make as long as they please. */
    private static List<Object> ofAll(List<Screenshot> screenshots) {
        List<Object> json = new ArrayList<>();
        for (Screenshot screenshot : screenshots) {
            json.add(screenshot.redactedRegions());
            json.add(screenshot.unknown());
        }
        return json;
    }

    private static @Nullable String whatItSaw(List<Screenshot> screenshots) {
        for (Screenshot screenshot : screenshots) {
            if (screenshot.role() == FrameRole.BEFORE) {
                return screenshot.screenshotPath();
            }
        }
        return screenshots.isEmpty() ? null : screenshots.get(0).screenshotPath();
    }

    private static StoredScreenshot of(int ordinal, Screenshot screenshot, boolean whole, Truncation truncation) {
        return new StoredScreenshot(
                ordinal,
                screenshot.role().wireName(),
                screenshot.screenshotPath(),
                truncation.nameOfScreenshot(ordinal, "file_hash", screenshot.fileHash()),
                screenshot.fileSize(),
                screenshot.originalSize(),
                screenshot.width(),
                screenshot.height(),
                truncation.nameOfScreenshot(ordinal, "format", screenshot.format()),
                screenshot.compressed(),
                screenshot.sensitive(),
                whole && !screenshot.redactedRegions().isEmpty() ? JsonText.of(screenshot.redactedRegions()) : "[]",
                screenshot.perceptualHash() == null
                        ? null
                        : truncation.nameOfScreenshot(ordinal, "perceptual_hash", screenshot.perceptualHash()),
                screenshot.thumbnailPath(),
                screenshot.capturedAt(),
                whole ? jsonOrNull(screenshot.unknown()) : null);
    }
}
