package dev.steptrail.api.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.store.model.StoredScreenshot;
import dev.steptrail.store.model.StoredStep;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class StepSerializerTest {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build();

    @Test
    void unknownFields_withReservedNames_areOmitted() throws Exception {
        JsonNode plain = written("{\"action\":{\"action\":\"Tap\"},\"timings\":{},\"resources\":{}}", "{}");
        ObjectNode ofStep = JSON.createObjectNode().set("action", plain.get("action"));
        plain.fieldNames().forEachRemaining(name -> {
            if (!List.of("action", "timings", "resources").contains(name)) {
                ofStep.put(name, "of the sender");
            }
        });
        ofStep.set("timings", plain.get("timings"));
        ofStep.set("resources", plain.get("resources"));
        ObjectNode ofScreenshot = JSON.createObjectNode().put("url", "of the sender");
        plain.get("screenshots").get(0).fieldNames().forEachRemaining(name -> ofScreenshot.put(name, "of the sender"));

        assertThat(written(ofStep.toString(), ofScreenshot.toString())).isEqualTo(plain);
    }

    @Test
    void otherUnknownFields_areReturned() throws Exception {
        JsonNode step = written("{\"mood\":[1]}", "{\"zoom\":2}");

        assertThat(step.get("mood").toString()).isEqualTo("[1]");
        assertThat(step.get("screenshots").get(0).get("zoom").intValue()).isEqualTo(2);
    }

    private static JsonNode written(String stepData, String metadata) throws Exception {
        StoredScreenshot screenshot = new StoredScreenshot(
                0,
                "before",
                "path",
                "hash",
                1,
                2,
                3,
                4,
                "webp",
                true,
                false,
                "[]",
                "0f",
                "thumbnail",
                Instant.EPOCH,
                metadata);
        StoredStep step = new StoredStep(
                new UUID(1, 2),
                1,
                "action",
                stepData,
                "thinking",
                "{\"success\":true}",
                "path",
                3L,
                true,
                "error",
                Instant.EPOCH,
                List.of(screenshot));
        return JSON.readTree(Json.text(step));
    }
}
