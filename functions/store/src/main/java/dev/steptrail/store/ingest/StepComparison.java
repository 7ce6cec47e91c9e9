package dev.steptrail.store.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import dev.steptrail.stepformat.UntrustedJson;
import dev.steptrail.store.model.StoredScreenshot;
import dev.steptrail.store.model.StoredStep;
import java.io.UncheckedIOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Compares steps that have the same number: duplicates are equal, conflicts differ. Ignores the order of JSON keys. */
final class StepComparison {
    private static final ObjectMapper JSON = JsonMapper.builder(
                    UntrustedJson.factoryBuilder().build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .addModule(new SimpleModule().addSerializer(Instant.class, ToStringSerializer.instance))
            .build();

    private StepComparison() {}

    static boolean isSame(StoredStep first, StoredStep second) {
        return first.equals(second) || toTree(first).equals(toTree(second));
    }

    /** Returns the fields of the step, with its JSON columns parsed. */
    private static JsonNode toTree(StoredStep step) {
        ObjectNode fields = JSON.valueToTree(step);
        fields.set("stepData", parse(step.stepData()));
        fields.set("actionResult", parse(step.actionResult()));
        for (int i = 0; i < step.screenshots().size(); i++) {
            StoredScreenshot screenshot = step.screenshots().get(i);
            ObjectNode parsed = (ObjectNode) fields.get("screenshots").get(i);
            parsed.set("redactedRegions", parse(screenshot.redactedRegions()));
            parsed.set("metadata", parse(screenshot.metadata()));
        }
        return fields;
    }

    private static JsonNode parse(@Nullable String json) {
        try {
            return json == null ? MissingNode.getInstance() : JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("a json column must contain valid JSON", e);
        }
    }
}
