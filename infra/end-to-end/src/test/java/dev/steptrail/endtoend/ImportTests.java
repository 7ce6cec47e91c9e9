package dev.steptrail.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests for any imported recordings. */
abstract class ImportTests {
    private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

    abstract Imports imports();

    @Test
    void everyStep_isReadBackUnchangedAndInOrder() throws Exception {
        for (Map.Entry<Recording, String> imported : imports().tasks().entrySet()) {
            JsonNode recorded = imported.getKey().steps();
            JsonNode steps = imports().steps(imported.getValue());

            assertThat(steps).as(imported.getKey().toString()).hasSize(recorded.size());
            for (int i = 0; i < recorded.size(); i++) {
                assertStep(recorded.get(i), steps.get(i), imported.getValue());
            }
        }
    }

    private static void assertStep(JsonNode recorded, JsonNode step, String taskId) {
        String where = taskId + "." + recorded.get("step_number");
        assertThat(step.get("step_id").textValue()).isEqualTo(where);
        assertThat(step.get("step_number")).as(where).isEqualTo(recorded.get("step_number"));
        assertThat(step.get("thinking")).as(where).isEqualTo(recorded.get("thinking"));
        assertThat(step.get("action").toString())
                .as(where)
                .isEqualTo(recorded.get("action_data").toString());
        assertThat(step.get("success")).as(where).isEqualTo(recorded.get("success"));
        assertThat(step.get("error_message")).as(where).isEqualTo(recorded.get("error_message"));
        assertThat(OffsetDateTime.parse(step.get("timestamp").textValue()).toInstant())
                .as(where)
                .isEqualTo(LocalDateTime.parse(recorded.get("timestamp").textValue())
                        .atZone(ZONE)
                        .toInstant());
    }

    @Test
    void everyRun_becomesATaskWithItsMetadata() throws Exception {
        for (Map.Entry<Recording, String> imported : imports().tasks().entrySet()) {
            JsonNode metadata = imported.getKey().metadata();
            JsonNode task = imports().task(imported.getValue());

            assertThat(task.get("owner").textValue()).isEqualTo("demo");
            assertThat(task.get("name")).isEqualTo(metadata.get("task_name"));
            assertThat(task.get("description")).isEqualTo(metadata.get("description"));
            assertThat(task.get("model")).isEqualTo(metadata.get("model_name"));
            assertThat(task.get("device_id")).isEqualTo(metadata.get("device_id"));
            assertThat(task.get("total_steps").intValue())
                    .isEqualTo(imported.getKey().steps().size());
        }
    }

    @Test
    void finishedRun_succeeded_andAnyOtherFailed() throws Exception {
        for (Map.Entry<Recording, String> imported : imports().tasks().entrySet()) {
            JsonNode task = imports().task(imported.getValue());
            boolean finished = imported.getKey().finished();

            assertThat(task.get("status").textValue())
                    .as(imported.getKey().toString())
                    .isEqualTo(finished ? "succeeded" : "failed");
            assertThat(task.get("end_reason").textValue())
                    .as(imported.getKey().toString())
                    .isEqualTo(finished ? "finished" : "ended_without_finish");
        }
    }

    @Test
    void everyStep_hasItsScreenshot() throws Exception {
        for (String taskId : imports().tasks().values()) {
            for (JsonNode step : imports().steps(taskId)) {
                assertThat(step.get("screenshots")).hasSize(1);
                JsonNode screenshot = step.get("screenshots").get(0);
                assertThat(screenshot.get("role").textValue()).isEqualTo("before");
                assertThat(screenshot.get("format").textValue()).isEqualTo("webp");
                assertThat(screenshot.get("width").intValue()).isEqualTo(1080);
                assertThat(screenshot.get("height").intValue()).isEqualTo(2400);
                assertThat(screenshot.get("screenshot_path")).isEqualTo(step.get("screenshot_path"));
            }
        }
    }

    @Test
    void everyRun_isExportedWithItsThinking() throws Exception {
        for (Map.Entry<Recording, String> imported : imports().tasks().entrySet()) {
            Exported exported = imports().exported(imported.getValue());
            JsonNode recorded = imported.getKey().steps();
            List<String> thoughts = recorded.findValuesAsText("thinking");

            assertThat(exported.recordsOfZip()).hasSize(recorded.size() + 2);
            assertThat(exported.picturesOfZip()).isEqualTo(recorded.size());
            assertThat(exported.csv("thinking"))
                    .map(Exported::withoutApostrophesOfParts)
                    .isEqualTo(thoughts);
            for (String text : List.of(exported.pageOfZip(), exported.html(), exported.pdf())) {
                String description =
                        imported.getKey().metadata().get("description").textValue();
                assertThat(text).as(imported.getKey().toString()).contains(Exported.bare(description));
                for (String thought : thoughts) {
                    assertThat(text).as(imported.getKey().toString()).contains(Exported.bare(thought));
                }
            }
        }
    }

    @Test
    void secondImport_changesNothing() throws Exception {
        List<String> answers = imports().answers();
        Map<String, Long> rows = imports().rows();

        imports().again();

        assertThat(imports().answers()).isEqualTo(answers);
        assertThat(imports().rows())
                .isEqualTo(rows)
                .containsEntry("tasks", (long) imports().tasks().size())
                .containsEntry("rejected_messages", 0L);
        for (String taskId : imports().tasks().values()) {
            assertThat(imports().task(taskId).get("conflicting_steps").intValue())
                    .isZero();
        }
    }
}
