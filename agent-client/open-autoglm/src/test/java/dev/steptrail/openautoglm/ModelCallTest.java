package dev.steptrail.openautoglm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.stepformat.ModelCall;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.Usage;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens that the model's server reports, and what the model received and returned. */
class ModelCallTest extends PlaysScenarios {
    private static final Usage USAGE = Usage.of(1200, 1000, 34);

    @ParameterizedTest
    @ValueSource(strings = {"usage_only", "hostile_usage", "usage_of_response"})
    void recording_doesNotChangeRequestsOrResults(String name) throws Exception {
        JsonNode output = play(name).output();

        assertThat(output.get("tracked")).isEqualTo(output.get("plain"));
        assertThat(output.get("logged")).isEmpty();
    }

    @Test
    void reportedTokens_areRecorded_withoutInputAndOutput() throws Exception {
        assertThat(play("usage_only").steps())
                .extracting(Step::modelCall)
                .containsExactly(ModelCall.ofUsage(Usage.of(1, 0, 1)), ModelCall.ofUsage(USAGE));
    }

    @Test
    void tokensOfTheResponse_areRecorded() throws Exception {
        assertThat(play("usage_of_response").steps())
                .extracting(Step::modelCall)
                .containsOnly(ModelCall.ofUsage(Usage.of(5, null, 6)));
    }

    @Test
    void nonsense_isOmitted() throws Exception {
        assertThat(play("hostile_usage").steps())
                .allSatisfy(step -> assertThat(step.modelCall().usage()).isNull());
    }

    @Test
    void includeUsage_asksTheServer_andChangesNothingElse() throws Exception {
        JsonNode output = play("model_calls").output();

        assertThat(output.get("tracked").get("requests").toString())
                .isEqualTo("[{\"include_usage\":true},{\"include_usage\":true},{\"include_usage\":true}]");
        assertThat(output.get("plain").get("requests").toString()).isEqualTo("[null,null,null]");
        assertThat(output.get("tracked").get("outcomes"))
                .isEqualTo(output.get("plain").get("outcomes"));
        assertThat(play("model_calls").steps())
                .hasSize(3)
                .allSatisfy(step -> assertThat(step.modelCall().usage()).isEqualTo(USAGE));
    }

    @Test
    void inputAndOutput_areRecordedAndRedacted_withReferencesToScreenshots() throws Exception {
        List<Step> steps = play("model_calls").steps();

        Map<String, Object> screen = Map.of("type", "image_url", "image_url", Map.of("url", Map.of("frame", "before")));
        Map<String, Object> other =
                Map.of("type", "image_url", "image_url", Map.of("url", Map.of("omitted", "image", "bytes", 300)));
        Map<String, Object> text = Map.of("type", "text", "text", "查一下今天的### System Home");
        assertThat(steps.get(0).modelCall().input())
                .isEqualTo(List.of(Map.of("role", "user", "content", List.of(screen, other, text))));
        assertThat((List<?>) steps.get(1).modelCall().input())
                .as("without the images of the first step")
                .hasSize(2)
                .first()
                .isEqualTo(Map.of("role", "user", "content", List.of(text)));
        assertThat(steps)
                .allSatisfy(step -> assertThat(step.modelCall().output()).isEqualTo("<think>###"));
    }

    @Test
    void tooLongInput_isRemoved_andItsStepIsRecorded() throws Exception {
        Scenario run = play("long_model_input");

        assertThat(run.steps()).hasSize(2).allSatisfy(step -> {
            assertThat(step.modelCall()).isEqualTo(ModelCall.NONE);
            assertThat(step.unknown()).containsKey("shortened_fields");
        });
        assertThat(run.output().get("stats").get("dropped_steps")).isEmpty();
    }
}
