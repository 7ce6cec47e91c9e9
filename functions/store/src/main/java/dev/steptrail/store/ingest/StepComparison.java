package dev.steptrail.store.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import dev.steptrail.store.model.JsonColumn;
import dev.steptrail.store.model.StoredScreenshot;
import dev.steptrail.store.model.StoredStep;
import java.time.Instant;

/** Compares steps that have the same number: duplicates are equal, conflicts differ. Ignores the order of JSON keys. */
final class StepComparison {
    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new SimpleModule().addSerializer(Instant.class, ToStringSerializer.instance))
            .build();

    private StepComparison() {}

    static boolean isSame(StoredStep first, StoredStep second) {
        return first.equals(second) || toTree(first).equals(toTree(second));
    }

    /** Returns the fields of the step, with its JSON columns parsed. */
    private static JsonNode toTree(StoredStep step) {
        ObjectNode fields = JSON.valueToTree(step);
        fields.set("stepData", JsonColumn.tree(step.stepData()));
        fields.set("actionResult", JsonColumn.tree(step.actionResult()));
        for (int i = 0; i < step.screenshots().size(); i++) {
            StoredScreenshot screenshot = step.screenshots().get(i);
            ObjectNode parsed = (ObjectNode) fields.get("screenshots").get(i);
            parsed.set("redactedRegions", JsonColumn.tree(screenshot.redactedRegions()));
            parsed.set("metadata", JsonColumn.tree(screenshot.metadata()));
        }
        return fields;
    }
}
