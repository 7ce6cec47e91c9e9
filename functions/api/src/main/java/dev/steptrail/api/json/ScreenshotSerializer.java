package dev.steptrail.api.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.util.NameTransformer;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.store.model.JsonFields;
import dev.steptrail.store.model.StoredScreenshot;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Writes a {@link StoredScreenshot}: its known fields, followed by the unknown fields from the sender, unchanged. Does
 * not use databind, which takes twice as long, because a page contains hundreds of screenshots.
 */
final class ScreenshotSerializer extends StdSerializer<StoredScreenshot> {
    /** All field names in responses with screenshots. Unknown fields with these names are omitted. */
    private static final Set<String> RESERVED_FIELDS =
            new HashSet<>(Set.of("step_id", "task_id", "step_number", "url", "thumbnail_url", "expires_at"));

    static {
        Arrays.stream(StoredScreenshot.class.getRecordComponents())
                .map(component -> new SnakeCaseStrategy().translate(component.getName()))
                .filter(name -> !name.equals("metadata")) // holds the unknown fields; is not a field of the response
                .forEach(RESERVED_FIELDS::add);
    }

    private final boolean isUnwrapping;

    ScreenshotSerializer(boolean isUnwrapping) {
        super(StoredScreenshot.class);
        this.isUnwrapping = isUnwrapping;
    }

    @Override
    public JsonSerializer<StoredScreenshot> unwrappingSerializer(NameTransformer names) {
        return new ScreenshotSerializer(true);
    }

    @Override
    public boolean isUnwrappingSerializer() {
        return isUnwrapping;
    }

    @Override
    public void serialize(StoredScreenshot screenshot, JsonGenerator json, SerializerProvider serializers)
            throws IOException {
        if (!isUnwrapping) {
            json.writeStartObject();
        }
        json.writeNumberField("screenshot_index", screenshot.screenshotIndex());
        json.writeStringField("role", screenshot.role());
        if (!screenshot.screenshotPath().isEmpty()) { // empty if the reader may not see it
            json.writeStringField("screenshot_path", screenshot.screenshotPath());
        }
        json.writeStringField("file_hash", screenshot.fileHash());
        json.writeNumberField("file_size", screenshot.fileSize());
        json.writeNumberField("original_size", screenshot.originalSize());
        json.writeNumberField("width", screenshot.width());
        json.writeNumberField("height", screenshot.height());
        json.writeStringField("format", screenshot.format());
        json.writeBooleanField("compressed", screenshot.compressed());
        json.writeBooleanField("sensitive", screenshot.sensitive());
        json.writeFieldName("redacted_regions");
        json.writeRawValue(screenshot.redactedRegions());
        json.writeStringField("perceptual_hash", screenshot.perceptualHash());
        json.writeStringField("thumbnail_path", screenshot.thumbnailPath());
        json.writeStringField(
                "captured_at",
                screenshot.capturedAt() == null ? null : RecordCodec.formatTime(screenshot.capturedAt()));
        for (Map.Entry<String, String> unknownField :
                JsonFields.of(screenshot.metadata()).entrySet()) {
            if (!RESERVED_FIELDS.contains(unknownField.getKey())) {
                json.writeFieldName(unknownField.getKey());
                json.writeRawValue(unknownField.getValue());
            }
        }
        if (!isUnwrapping) {
            json.writeEndObject();
        }
    }
}
