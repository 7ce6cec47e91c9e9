package dev.steptrail.api.json;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.steptrail.store.model.JsonFields;
import dev.steptrail.store.model.StoredScreenshot;
import java.io.IOException;
import java.util.Set;

/** A picture of a step in JSON: the fields of its record. */
public final class ScreenshotJson {
    /** With those that only some answers have, so that a field of the sender's own can never pass for one. */
    private static final Set<String> OWN = Set.of(
            "step_id",
            "task_id",
            "step_number",
            "ordinal",
            "url",
            "thumbnail_url",
            "expires_at",
            "role",
            "screenshot_path",
            "file_hash",
            "file_size",
            "original_size",
            "width",
            "height",
            "format",
            "compressed",
            "sensitive",
            "redacted_regions",
            "perceptual_hash",
            "thumbnail_path",
            "captured_at");

    private ScreenshotJson() {}

    /** Writes the fields without the braces of the object. */
    public static void fields(JsonGenerator json, StoredScreenshot screenshot) throws IOException {
        Json.number(json, "ordinal", screenshot.ordinal());
        Json.text(json, "role", screenshot.role());
        Json.text(json, "screenshot_path", screenshot.screenshotPath());
        Json.text(json, "file_hash", screenshot.fileHash());
        Json.number(json, "file_size", screenshot.fileSize());
        Json.number(json, "original_size", screenshot.originalSize());
        Json.number(json, "width", screenshot.width());
        Json.number(json, "height", screenshot.height());
        Json.text(json, "format", screenshot.format());
        Json.flag(json, "compressed", screenshot.compressed());
        Json.flag(json, "sensitive", screenshot.sensitive());
        Json.raw(json, "redacted_regions", screenshot.redactedRegions());
        Json.text(json, "perceptual_hash", screenshot.perceptualHash());
        Json.text(json, "thumbnail_path", screenshot.thumbnailPath());
        Json.time(json, "captured_at", screenshot.capturedAt());
        Json.others(json, JsonFields.of(screenshot.metadata()), OWN);
    }
}
