package dev.steptrail.localcloud.phone;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.core.util.Separators.Spacing;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A run in the format of Open-AutoGLM's recorder: JSON, with screenshots in its folder. Times have no zone. */
record RecordedTrace(Metadata metadata, List<Step> steps) {

    /** {@code successRate} in percent of the steps, {@code executionTime} in seconds. */
    record Metadata(
            String taskName,
            String description,
            String createdAt,
            int totalSteps,
            @Nullable String deviceId,
            String modelName,
            double successRate,
            double executionTime) {}

    /** {@code screenshotPath} is relative to the JSON file's folder. */
    record Step(
            int stepNumber,
            String actionType,
            Map<String, Object> actionData,
            String thinking,
            String screenshotPath,
            String timestamp,
            boolean success,
            @Nullable String errorMessage) {}

    /** The JSON file, UTF-8, indented by two spaces as Python's json module writes it. */
    byte[] toJson() {
        DefaultIndenter indent = new DefaultIndenter("  ", "\n");
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter(Separators.createDefaultInstance()
                        .withObjectFieldValueSpacing(Spacing.AFTER)
                        .withArrayEmptySeparator(""))
                .withObjectIndenter(indent)
                .withArrayIndenter(indent);
        try {
            String json = JsonMapper.builder()
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .build()
                    .writer(printer)
                    .writeValueAsString(this);
            return (json + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write a trace as JSON", e);
        }
    }
}
