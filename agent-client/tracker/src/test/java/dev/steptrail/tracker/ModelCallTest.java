package dev.steptrail.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.ModelCall;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.Usage;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * {@link RedactedTextTest} shows that both are redacted. Tokens are always recorded; what the model received and
 * returned only if the tracker's builder allows it.
 */
class ModelCallTest extends RedactionFixture {
    private static final byte[] PNG = Pngs.ofSize(30, 20);
    private static final String BASE64 = Base64.getEncoder().encodeToString(PNG);

    private StepTrackerBuilder builder() {
        return StepTracker.builder(outbox).recordModelCalls(true);
    }

    private Step recordedStep(StepTrackerBuilder builder, StepData.Builder step) throws Exception {
        return recorded(builder, step).steps().get(0);
    }

    @Test
    void inputAndOutputAndNegativeTokens_areNotRecordedByDefault() throws Exception {
        Step step = recordedStep(
                StepTracker.builder(outbox),
                StepData.action(Map.of("action", "Tap"))
                        .usage(1200, 1000, 34)
                        .modelInput("call 555")
                        .modelOutput("calling 555")
                        .frame(FrameRole.BEFORE, PNG, false));

        assertThat(step.modelCall()).isEqualTo(ModelCall.ofUsage(Usage.of(1200, 1000, 34)));
        assertThat(step.frames()).hasSize(1);

        step = recordedStep(builder(), StepData.ofType("x").usage(-1, null, 3));

        assertThat(step.modelCall()).isEqualTo(ModelCall.ofUsage(Usage.of(null, null, 3)));
    }

    @Test
    void images_becomeReferencesToFrames() throws Exception {
        String other = Base64.getEncoder().encodeToString(Pngs.ofSize(31, 20));
        ModelCall call = recordedStep(
                        builder(),
                        StepData.ofType("x")
                                .frame(FrameRole.AFTER, Screen.ofBase64("data:image/png;base64," + other, false))
                                .frame(FrameRole.BEFORE, PNG, false)
                                .modelInput(List.of(
                                        Map.of("image_url", Map.of("url", "data:image/png;base64," + BASE64)),
                                        Map.of("data", BASE64),
                                        Map.of("image_url", "data:image/png;base64," + other),
                                        "data:image/jpeg;base64," + "A".repeat(400),
                                        "data:image/svg+xml,<svg/>"))
                                .modelOutput("{\"url\":\"data:image/png;base64," + BASE64.replace("/", "\\/")
                                        + "\"} and data:image/png;base64," + BASE64 + " end"))
                .modelCall();

        assertThat(call.input())
                .isEqualTo(List.of(
                        Map.of("image_url", Map.of("url", Map.of("frame", "before"))),
                        Map.of("data", Map.of("frame", "before")),
                        Map.of("image_url", Map.of("frame", "after")),
                        Map.of("omitted", "image", "bytes", 300),
                        "data:image/svg+xml,<svg/>"));
        assertThat(call.output()).isEqualTo("{\"url\":\"[image]\"} and [image] end");
    }

    @Test
    void anOversizedInput_isRemoved_andItsStepIsRecorded() throws Exception {
        Step step = recordedStep(
                builder().maxQueuedBytes(1 << 30),
                StepData.ofType("x").thinking("t").modelInput("é".repeat(9_000_000)));

        assertThat(step.thinking()).isEqualTo("t");
        assertThat(step.modelCall()).isEqualTo(ModelCall.NONE);
        assertThat(step.unknown()).isEqualTo(Map.of("invalid_fields", List.of("model_input")));
    }
}
