package dev.steptrail.cli.records;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Checks what the documentation says of the samples. */
@Tag("slow")
class SamplesTest {
    private static final Path SAMPLES = Path.of("samples");

    @Test
    void samples_takeLessThanTwoAndAHalfMegabytes() throws IOException {
        long bytes = 0;
        for (String file : committed()) {
            bytes += Files.size(SAMPLES.resolve(file));
        }

        assertThat(bytes).isLessThan(2_500_000);
    }

    @Test
    void flowerPhotoLoop_tapsTheShutterRepeatedly_andNeverFinishes() throws IOException {
        List<JsonNode> steps = steps("flower-photo-loop");

        assertThat(steps).hasSizeBetween(25, 30);
        assertThat(steps.stream()
                        .filter(step ->
                                step.at("/action_data/element").toString().equals("[500,884]")))
                .hasSizeGreaterThanOrEqualTo(8);
        assertThat(steps)
                .noneMatch(step -> step.at("/action_data/_metadata").asText().equals("finish"));
        assertThat(steps.stream().filter(step -> !step.get("success").asBoolean()))
                .singleElement()
                .satisfies(
                        step -> assertThat(step.get("error_message").asText()).isEqualTo("App not found: 专业相机"));
    }

    @Test
    void flightLaunchFailed_isOneFailedStep() throws IOException {
        assertThat(steps("flight-launch-failed")).singleElement().satisfies(step -> {
            assertThat(step.get("success").asBoolean()).isFalse();
            assertThat(step.get("error_message").asText()).isEqualTo("App not found: 航班助手");
        });
    }

    @Test
    void weatherFinished_succeedsInEachStepAndFinishes() throws IOException {
        List<JsonNode> steps = steps("weather-finished");

        assertThat(steps).allMatch(step -> step.get("success").asBoolean());
        assertThat(steps.get(steps.size() - 1).at("/action_data/_metadata").asText())
                .isEqualTo("finish");
    }

    @Test
    void torchNoSteps_hasNone() throws IOException {
        assertThat(steps("torch-no-steps")).isEmpty();
    }

    private static List<JsonNode> steps(String name) throws IOException {
        Path trace = SAMPLES.resolve(name).resolve(name + ".json");
        List<JsonNode> steps = new ArrayList<>();
        JsonNode array = new ObjectMapper().readTree(trace.toFile()).get("steps");
        array.forEach(steps::add);
        for (JsonNode step : steps) {
            assertThat(trace.resolveSibling(step.get("screenshot_path").asText()))
                    .isRegularFile();
        }
        return steps;
    }

    private static List<String> committed() throws IOException {
        try (Stream<Path> files = Files.walk(SAMPLES)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> SAMPLES.relativize(file).toString().replace('\\', '/'))
                    .filter(file -> !file.equals("README.md"))
                    .toList();
        }
    }
}
