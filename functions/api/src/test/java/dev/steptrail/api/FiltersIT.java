package dev.steptrail.api;

import static dev.steptrail.store.TestRecords.message;
import static dev.steptrail.store.TestRecords.with;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestRecords;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the filters of steps. */
@Tag("slow")
class FiltersIT extends ApiTestBase {
    private static final UUID FILTERED = UuidV7.at(TestRecords.START);
    private static final Api GRETA = new Api(HANDLER, Map.of("sub", "greta"));

    @BeforeAll
    static void writeSome() {
        DATABASE.register("AIDAGRETA", "greta")
                .write(message(
                        "AIDAGRETA",
                        step(1, "action", true, "I open 100% of the Camera", null),
                        step(2, "action", false, "I_look", "App not found: 相机"),
                        step(3, "note", null, null, null),
                        step(4, "action", true, "I'd say it's done", null),
                        step(5, "check", null, null, "lost its way"),
                        with(
                                step(6, "check", false, null, null),
                                "actionResult",
                                Map.of("message", "the \"door\" is shut"))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "type=action|1,2,4",
                "type=note|3",
                "type=no such|''",
                "success=true|1,4",
                "success=false|2,5,6",
                "text=lost its|5",
                "text=\"door\"|6",
                "success=none|3",
                "min_number=2&max_number=3|2,3",
                "min_number=7|''",
                "since=2026-03-01T10:00:03Z|3,4,5,6",
                "until=2026-03-01T10:00:03Z|1,2",
                "since=2026-03-01T18:00:02 08:00&until=2026-03-01T18:00:03+08:00|2",
                "text=camera|1",
                "text=相机|2",
                "text=100%|1",
                "text=%|1",
                "text=i_l|2",
                "text=it's|4",
                "text='; DROP TABLE tasks; --|''",
                "type=action&success=true&order=desc|4,1",
            })
    void steps_areFiltered(String query, String numbers) {
        JsonNode page = GRETA.get(STEPS, FILTERED, query).json();

        assertThat(values(page.get("steps"), "step_number")).isEqualTo(numbers);
    }

    @Test
    void failedSteps_areTheSameInCountersFilterAndReports() {
        JsonNode report = GRETA.get(REPORT, FILTERED).json();
        String csv = GRETA.get(REPORT, FILTERED, "format=csv").body();
        String markdown = GRETA.get(REPORT, FILTERED, "format=md").body();

        assertThat(report.get("failed_steps").asInt()).isEqualTo(3);
        assertThat(values(report.get("errors"), "step_number")).isEqualTo("2,5,6");
        assertThat(values(report.get("errors"), "error_message"))
                .isEqualTo("App not found: 相机,lost its way,the \"door\" is shut");
        assertThat(csv.lines().filter(line -> line.contains(",false,"))).hasSize(3);
        assertThat(csv).contains("\"the \"\"door\"\" is shut\"");
        assertThat(markdown.lines().filter(line -> line.contains("| failed |"))).hasSize(3);
        assertThat(markdown).contains("| failed | the \"door\" is shut |");
    }

    private static Step step(int number, String type, Boolean success, String thinking, String error) {
        Step step = with(TestRecords.step(FILTERED, number), "stepType", type, "success", success);
        return with(step, "thinking", thinking, "errorMessage", error);
    }

    private static String values(JsonNode items, String field) {
        List<String> values = new ArrayList<>();
        items.forEach(item ->
                values.add(item.get(field).isNull() ? "" : item.get(field).asText()));
        return String.join(",", values);
    }
}
