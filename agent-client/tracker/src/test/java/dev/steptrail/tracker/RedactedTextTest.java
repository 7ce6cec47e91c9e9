package dev.steptrail.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.steptrail.stepformat.ExperimentCase;
import dev.steptrail.stepformat.ModelCall;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.Usage;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Redacted texts are not written to the outbox. */
class RedactedTextTest extends RedactionFixture {
    @Test
    void texts_areRedacted() throws Exception {
        RecordedTask recorded = recorded(
                StepTracker.builder(outbox).recordModelCalls(true).redactTexts(text -> text.replaceAll("\\d", "#")),
                StepData.action(Map.of("type 1", "call 555", "numbers", List.of("1", 2, Map.of("deep", "3"))))
                        .thinking("her number is 555")
                        .actionResult(Map.of("message", "called 555"))
                        .usage(1200, 1000, 34)
                        .modelInput(List.of(Map.of("role", "user", "content", "call 555")))
                        .modelOutput("calling 555")
                        .failed("555 is busy"));

        Step step = recorded.steps().get(0);
        assertThat(step.thinking()).isEqualTo("her number is ###");
        assertThat(step.action())
                .containsOnly(entry("type 1", "call ###"), entry("numbers", List.of("#", "#", Map.of("deep", "#"))));
        assertThat(step.actionResult()).isEqualTo(Map.of("message", "called ###"));
        assertThat(step.errorMessage()).isEqualTo("### is busy");
        assertThat(step.modelCall().input()).isEqualTo(List.of(Map.of("role", "user", "content", "call ###")));
        assertThat(step.modelCall().output()).isEqualTo("calling ###");
        assertThat(step.modelCall().usage()).isEqualTo(Usage.of(1200, 1000, 34));
        assertThat(step.unknown()).isEmpty();
        assertThat(recorded.started().description()).isEqualTo("call ###");
        assertThat(recorded.started().metadata()).isEqualTo(Map.of("note", "#"));
        assertThat(recorded.started().experimentCase())
                .isEqualTo(new ExperimentCase("nightly", "case-1", 3, Map.of("user", "###")));
        assertThat(recorded.ended().message()).isEqualTo("called ###");
    }

    @Test
    void aTextWhoseRedactorFails_isOmitted_andTheRestIsRecorded() throws Exception {
        UnaryOperator<String> picky = text -> {
            if (text.contains("555")) {
                throw new IllegalArgumentException(text);
            }
            return text;
        };
        RecordedTask recorded = recorded(
                StepTracker.builder(outbox).recordModelCalls(true).redactTexts(picky),
                StepData.action(Map.of("call", List.of("555")))
                        .thinking("her number is 555")
                        .usage(1200, 1000, 34)
                        .modelInput(List.of("call 555"))
                        .modelOutput("calling 555")
                        .failed("busy"));

        Step step = recorded.steps().get(0);
        assertThat(step.thinking()).isNull();
        assertThat(step.action()).isNull();
        assertThat(step.errorMessage()).isEqualTo("busy");
        assertThat(step.modelCall()).isEqualTo(ModelCall.ofUsage(Usage.of(1200, 1000, 34)));
        assertThat(step.unknown()).isEqualTo(withheld("thinking", "action", "model_input", "model_output"));
        assertThat(recorded.started().description()).isNull();
        assertThat(recorded.started().experimentCase()).isEqualTo(new ExperimentCase("nightly", "case-1", 3, Map.of()));
        assertThat(recorded.started().unknown()).isEqualTo(withheld("description", "attributes"));
        assertThat(recorded.ended().unknown()).isEqualTo(withheld("message"));
        assertThat(stats.withheldTexts()).isEqualTo(7);
        assertThat(Files.readString(outbox.resolve(recorded.started().taskId() + "/steps.jsonl")))
                .doesNotContain("call 555", "called 555", "is 555", "\"555\""); // a timestamp may contain these digits
    }

    private static Map<String, Object> withheld(String... fields) {
        return Map.of("withheld_fields", List.of(fields));
    }

    @Test
    void aTextRedactedToNull_isOmitted() throws Exception {
        RecordedTask recorded = recorded(
                StepTracker.builder(outbox).redactTexts(text -> null),
                StepData.action(Map.of("call", "555")).thinking("x"));

        Step step = recorded.steps().get(0);
        assertThat(step.thinking()).isNull();
        assertThat(step.action()).containsOnlyKeys("call").containsEntry("call", null);
        assertThat(step.unknown()).isEmpty();
    }
}
