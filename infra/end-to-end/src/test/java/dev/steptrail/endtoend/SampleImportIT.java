package dev.steptrail.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Imports the project's samples. */
@Order(7)
class SampleImportIT extends ImportTests {
    @Override
    Imports imports() {
        return Imports.samples();
    }

    @Test
    void allSamples_areImported() throws Exception {
        assertThat(imports().tasks().keySet()).containsExactlyElementsOf(Recording.in(Recording.SAMPLES));
        assertThat(imports().tasks()).hasSize(4);
    }

    @Test
    void repeatedTaps_areOneLoop() throws Exception {
        assertThat(imports().loops(imports().taskOf("flower-photo-loop.json")))
                .containsExactly(List.of(2, 3, 4, 6, 8, 10, 12, 13, 14, 15, 16, 17, 23, 25, 27, 28));
        assertThat(imports().loops(imports().taskOf("weather-finished.json"))).isEmpty();
    }

    @Test
    void failedLaunch_suggestsHowToFixItsMissingApp() throws Exception {
        JsonNode suggestions =
                imports().report(imports().taskOf("flight-launch-failed.json")).get("suggestions");

        assertThat(suggestions).hasSize(1);
        assertThat(suggestions.get(0).get("kind").textValue()).isEqualTo("unknown_app");
        assertThat(suggestions.get(0).get("steps")).hasToString("[1]");
        assertThat(suggestions.get(0).get("figures").get("app").textValue()).isEqualTo("航班助手");
    }
}
