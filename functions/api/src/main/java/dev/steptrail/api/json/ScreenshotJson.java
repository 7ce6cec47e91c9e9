package dev.steptrail.api.json;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.steptrail.store.model.JsonFields;
import dev.steptrail.store.model.StoredScreenshot;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A screenshot in JSON: the fields of its record.
 *
 * @param others fields of the sender that this version does not know, as they were sent
 */
public record ScreenshotJson(
        @JsonUnwrapped StoredScreenshot screenshot,
        @JsonAnyGetter Map<String, RawValue> others) {
    /** With those that only some responses have, so that a field of the sender can never pass for one of ours. */
    private static final Set<String> OWN =
            new TreeSet<>(Set.of("step_id", "task_id", "step_number", "url", "thumbnail_url", "expires_at"));

    static {
        Arrays.stream(StoredScreenshot.class.getRecordComponents())
                .map(component -> new SnakeCaseStrategy().translate(component.getName()))
                .filter(name -> !name.equals("metadata")) // which is no field of the response
                .forEach(OWN::add);
    }

    public static ScreenshotJson of(StoredScreenshot screenshot) {
        Map<String, RawValue> others = raw(screenshot.metadata());
        others.keySet().removeAll(OWN);
        return new ScreenshotJson(screenshot, others);
    }

    /** Returns the fields of a JSON object, or none of null. */
    static Map<String, RawValue> raw(@Nullable String object) {
        Map<String, RawValue> fields = new LinkedHashMap<>();
        JsonFields.of(object).forEach((name, value) -> fields.put(name, new RawValue(value)));
        return fields;
    }
}
